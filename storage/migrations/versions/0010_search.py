"""Search: what each handoff is found by, with a full-text index, and people by their names without accents.

The words themselves are added by the running Baton in small batches, so that a large ledger is not locked meanwhile.
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_OF: Final = ("originator", "sender", "last_owner")
_FULL_TEXT: Final = {
    "sqlite": (
        """CREATE VIRTUAL TABLE search_words USING fts5
           (words, content='search_documents', content_rowid='id', detail=none, tokenize='ascii')""",
        """CREATE TRIGGER search_words_of_new AFTER INSERT ON search_documents
           BEGIN INSERT INTO search_words (rowid, words) VALUES (new.id, new.words); END""",
        """CREATE TRIGGER search_words_of_changed AFTER UPDATE OF words ON search_documents
           WHEN old.words <> new.words
           BEGIN INSERT INTO search_words (search_words, rowid, words) VALUES ('delete', old.id, old.words);
                 INSERT INTO search_words (rowid, words) VALUES (new.id, new.words); END""",
        """CREATE TRIGGER search_words_of_deleted AFTER DELETE ON search_documents
           BEGIN INSERT INTO search_words (search_words, rowid, words) VALUES ('delete', old.id, old.words); END""",
    ),
    "postgresql": ("CREATE INDEX ix_search_words ON search_documents USING gin (words)",),
}


def upgrade() -> None:
    """Add the documents, still without words, in the order of the handoffs; and the indexes."""
    dialect = op.get_context().dialect.name
    op.create_table(
        "search_documents",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True, autoincrement=True
        ),
        sa.Column("workspace", sa.String(length=64), nullable=False),
        sa.Column("handoff_id", sa.String(length=64), nullable=False),
        sa.Column("words", sa.Text().with_variant(postgresql.TSVECTOR(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(
            ["handoff_id"], ["handoffs.id"], name=op.f("fk_search_documents_handoff_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_documents")),
        sa.UniqueConstraint("handoff_id", name=op.f("uq_search_documents_handoff_id")),
    )
    for statement in _FULL_TEXT[dialect]:
        op.execute(statement)
    # After the triggers: FTS5 has to know a document before its words can change.
    op.execute(
        "INSERT INTO search_documents (workspace, handoff_id, words)"
        " SELECT workspace, id, '' FROM handoffs WHERE state <> 'deleted' ORDER BY workspace, number"
    )
    for column in _OF:
        op.create_index(f"ix_handoffs_by_{column}", "handoffs", ["workspace", column, "number"])
    op.add_column("people", sa.Column("folded", sa.Text(), nullable=True))
    op.create_index("ix_people_folded", "people", ["workspace", "folded", "id"])


def downgrade() -> None:
    """Remove them."""
    op.drop_index("ix_people_folded", "people")
    op.drop_column("people", "folded")
    for column in _OF:
        op.drop_index(f"ix_handoffs_by_{column}", "handoffs")
    if op.get_context().dialect.name == "sqlite":
        op.execute("DROP TABLE search_words")
    op.drop_table("search_documents")
