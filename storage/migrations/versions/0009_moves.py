"""Several handoffs at once, watchers, and two ways to begin and to claim that are off by default.

A bulk run is one act on several handoffs; a message about several handoffs remembers which, so that a change of one
redraws it.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_ID = sa.String(length=64)
_UNFINISHED = "sent_at IS NOT NULL AND finished_at IS NULL"


def upgrade() -> None:
    """Add tables and columns that the version before can leave out."""
    _create_runs()
    _create_rows()
    op.create_table(
        "message_parts",
        sa.Column("workspace", _ID, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("handoff_id", _ID, nullable=False),
        sa.ForeignKeyConstraint(["handoff_id"], ["handoffs.id"], name=op.f("fk_message_parts_handoff_id")),
        sa.PrimaryKeyConstraint("workspace", "key", "handoff_id", name=op.f("pk_message_parts")),
    )
    op.create_index("ix_message_parts_handoff", "message_parts", ["handoff_id"])
    op.create_table(
        "watchers",
        sa.Column("handoff_id", _ID, nullable=False),
        sa.Column("watcher", _ID, nullable=False),
        sa.Column("workspace", _ID, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["handoff_id"], ["handoffs.id"], name=op.f("fk_watchers_handoff_id")),
        sa.PrimaryKeyConstraint("handoff_id", "watcher", name=op.f("pk_watchers")),
    )
    op.add_column("workspaces", sa.Column("emoji", sa.Text(), nullable=True))
    op.add_column("queues", sa.Column("claim_by_reply", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    """Remove them."""
    op.drop_column("queues", "claim_by_reply")
    op.drop_column("workspaces", "emoji")
    for table in ("watchers", "message_parts", "bulk_rows", "bulk_runs"):
        op.drop_table(table)


def _create_runs() -> None:
    op.create_table(
        "bulk_runs",
        sa.Column("id", _ID, nullable=False),
        sa.Column("workspace", _ID, nullable=False),
        sa.Column("actor", _ID, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person", _ID, nullable=True),
        sa.Column("queue", sa.Text(), nullable=True),
        sa.Column("note", _json(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("in_background", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.CheckConstraint("kind IN ('claim', 'person', 'team', 'back')", name=op.f("ck_bulk_runs_kind")),
        sa.CheckConstraint(
            "finished_at IS NULL OR sent_at IS NOT NULL", name=op.f("ck_bulk_runs_sent_before_it_ends")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_runs")),
    )
    _partial("ix_bulk_runs_unfinished", "bulk_runs", ["sent_at"], _UNFINISHED)
    _partial("ix_bulk_runs_unsent", "bulk_runs", ["created_at"], "sent_at IS NULL")


def _create_rows() -> None:
    op.create_table(
        "bulk_rows",
        sa.Column("run_id", _ID, nullable=False),
        sa.Column("handoff_id", _ID, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("included", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("note", _json(), nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.Column("why", sa.String(length=64), nullable=True),
        sa.Column("told", _json(), nullable=False),
        sa.CheckConstraint(
            "outcome IS NULL OR outcome IN ('done', 'refused', 'invalid', 'changed', 'missing', 'failed')",
            name=op.f("ck_bulk_rows_outcome"),
        ),
        sa.ForeignKeyConstraint(["run_id"], ["bulk_runs.id"], name=op.f("fk_bulk_rows_run_id")),
        sa.ForeignKeyConstraint(["handoff_id"], ["handoffs.id"], name=op.f("fk_bulk_rows_handoff_id")),
        sa.PrimaryKeyConstraint("run_id", "handoff_id", name=op.f("pk_bulk_rows")),
    )
    op.create_index("ix_bulk_rows_handoff", "bulk_rows", ["handoff_id"])


def _partial(name: str, table: str, columns: list[str], where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, sqlite_where=condition, postgresql_where=condition)


def _json() -> Any:
    return sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
