"""Context that arrives: templates and drafts, read-backs, questions, private and short-lived work, verdicts.

A migration is history: it names its types and rules itself and imports nothing that may change later.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_MODES = "CONSTRAINT ck_handoffs_read_back_mode CHECK (read_back_mode IN ('off', 'soft', 'hard'))"
_STAGES = (
    "CONSTRAINT ck_handoffs_read_back_while_claimed CHECK (read_back IS NULL OR (state = 'claimed' AND"
    " read_back_mode <> 'off' AND read_back IN ('due', 'given', 'right', 'corrected')))"
)
_ASKED = "CONSTRAINT ck_handoffs_asked_while_claimed CHECK (asked_at IS NULL OR state = 'claimed')"
_ERASED = (
    "CONSTRAINT ck_handoffs_erased_once_finished CHECK (erase_at IS NULL OR state IN ('done', 'cancelled'))"
)
_NEW = ("template_version", "private", "read_back_mode", "read_back", "asked_at", "record", "erase_at")


def upgrade() -> None:
    """Add columns and tables."""
    op.add_column("handoffs", sa.Column("template_version", sa.Integer(), nullable=True))
    op.add_column("handoffs", sa.Column("private", sa.Boolean(), nullable=False, server_default=sa.false()))
    # As text, because SQLite adds a constraint only together with its column.
    for column in (
        f"read_back_mode VARCHAR(16) DEFAULT 'off' NOT NULL {_MODES}",
        f"read_back VARCHAR(16) {_STAGES}",
        f"asked_at {_instant()} {_ASKED}",
    ):
        op.execute(f"ALTER TABLE handoffs ADD COLUMN {column}")
    op.add_column("handoffs", sa.Column("record", sa.Text(), nullable=True))
    op.execute(f"ALTER TABLE handoffs ADD COLUMN erase_at {_instant()} {_ERASED}")
    _partial("ix_handoffs_record", "handoffs", ["workspace", "record", "number"], "record IS NOT NULL")
    _partial("ix_handoffs_erase", "handoffs", ["erase_at"], "erase_at IS NOT NULL")
    _partial("ix_handoffs_done", "handoffs", ["workspace", "state_since"], "state = 'done'")
    for name in ("edited_at", "removed_at"):
        op.add_column("notes", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    _create_verdicts()
    _create_drafts()
    _create_templates()


def downgrade() -> None:
    """Take it all away again."""
    for table in ("template_drafts", "templates", "drafts", "verdicts"):
        op.drop_table(table)
    for name in ("removed_at", "edited_at"):
        op.execute(f"ALTER TABLE notes DROP COLUMN {name}")
    op.drop_index("ix_handoffs_done", "handoffs")
    op.drop_index("ix_handoffs_erase", "handoffs")
    op.drop_index("ix_handoffs_record", "handoffs")
    for name in reversed(_NEW):
        op.execute(f"ALTER TABLE handoffs DROP COLUMN {name}")


def _create_verdicts() -> None:
    op.create_table(
        "verdicts",
        sa.Column("id", _counting(), autoincrement=True, nullable=False),
        sa.Column("workspace", sa.String(length=64), nullable=False),
        sa.Column("handoff_id", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("queue", sa.Text(), nullable=False),
        sa.Column("template", sa.Text(), nullable=True),
        sa.Column("template_version", sa.Integer(), nullable=True),
        sa.Column("sender", sa.String(length=64), nullable=False),
        sa.Column("judge", sa.String(length=64), nullable=False),
        sa.Column("verdict", sa.String(length=16), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.CheckConstraint("verdict IN ('complete', 'asked', 'restarted')", name=op.f("ck_verdicts_verdict")),
        sa.ForeignKeyConstraint(["handoff_id"], ["handoffs.id"], name=op.f("fk_verdicts_handoff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verdicts")),
    )
    op.create_index("ix_verdicts_at", "verdicts", ["workspace", "at"])
    op.create_index("ix_verdicts_handoff", "verdicts", ["handoff_id"])


def _create_drafts() -> None:
    op.create_table(
        "drafts",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("workspace", sa.String(length=64), nullable=False),
        sa.Column("author", sa.String(length=64), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", _json(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drafts")),
    )
    op.create_index("ix_drafts_author", "drafts", ["workspace", "author", "saved_at"])
    op.create_index("ix_drafts_saved", "drafts", ["saved_at"])


def _create_templates() -> None:
    op.create_table(
        "templates",
        sa.Column("workspace", sa.String(length=64), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("content", _json(), nullable=False),
        sa.Column("latest", sa.Boolean(), nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.CheckConstraint("origin IN ('shipped', 'file', 'slack')", name=op.f("ck_templates_origin")),
        sa.CheckConstraint("version > 0", name=op.f("ck_templates_counts_up")),
        sa.PrimaryKeyConstraint("workspace", "key", "version", name=op.f("pk_templates")),
    )
    _partial("uq_templates_latest", "templates", ["workspace", "key"], "latest", unique=True)
    op.create_table(
        "template_drafts",
        sa.Column("workspace", sa.String(length=64), nullable=False),
        sa.Column("author", sa.String(length=64), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", _json(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "author", "key", name=op.f("pk_template_drafts")),
    )


def _partial(name: str, table: str, columns: list[str], where: str, *, unique: bool = False) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=condition, postgresql_where=condition)


def _instant() -> str:
    return "DATETIME" if op.get_bind().dialect.name == "sqlite" else "TIMESTAMP WITH TIME ZONE"


def _json() -> Any:
    return sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def _counting() -> Any:
    return sa.BigInteger().with_variant(sa.Integer, "sqlite")
