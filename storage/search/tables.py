"""The table of what handoffs are found by, and each database's full-text index over it."""

from __future__ import annotations

from typing import Final

from sqlalchemy import DDL, Column, Dialect, ForeignKey, Index, Table, UniqueConstraint, event
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.types import Text, TypeDecorator, TypeEngine

from storage.db.columns import CountingId
from storage.db.metadata import ID, metadata


class Words(TypeDecorator[str]):
    """Column type of words with spaces between them: text on SQLite, a tsvector on PostgreSQL."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[str]:
        """Return the database's own type."""
        return dialect.type_descriptor(TSVECTOR() if dialect.name == "postgresql" else Text())


search_documents: Final = Table(
    "search_documents",
    metadata,
    Column("id", CountingId, primary_key=True, autoincrement=True),
    Column("workspace", ID, nullable=False),
    Column("handoff_id", ID, ForeignKey("handoffs.id"), nullable=False),
    Column("words", Words, nullable=False),
    UniqueConstraint("handoff_id"),
    Index("ix_search_documents_places", "workspace", "id"),
)

FULL_TEXT: Final = {
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
"""The full-text index, by dialect. The words come folded, so that no database has rules of its own for them."""

for _dialect, _statements in FULL_TEXT.items():
    for _sql in _statements:
        _index = DDL(_sql)  # type: ignore[no-untyped-call]  # SQLAlchemy has no annotation
        event.listen(search_documents, "after_create", _index.execute_if(dialect=_dialect))
