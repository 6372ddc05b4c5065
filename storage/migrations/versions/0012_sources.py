"""Messages that handoffs begin with, so that an offer to hand one off says when somebody did."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012_sources"
down_revision = "0011_slack_admins"
branch_labels = None
depends_on = None

_ID = sa.String(length=64)


def upgrade() -> None:
    """Add a table that the version before can leave out."""
    op.create_table(
        "source_messages",
        sa.Column("workspace", _ID, nullable=False),
        sa.Column("channel", _ID, nullable=False),
        sa.Column("ts", _ID, nullable=False),
        sa.Column("user", _ID, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handoff_id", _ID, nullable=True),
        sa.ForeignKeyConstraint(["handoff_id"], ["handoffs.id"], name=op.f("fk_source_messages_handoff_id")),
        sa.PrimaryKeyConstraint("workspace", "channel", "ts", "user", name=op.f("pk_source_messages")),
    )
    op.create_index("ix_source_messages_handoff", "source_messages", ["handoff_id"])
    unused = sa.text("handoff_id IS NULL")
    op.create_index(
        "ix_source_messages_unused", "source_messages", ["at"], sqlite_where=unused, postgresql_where=unused
    )


def downgrade() -> None:
    """Remove it."""
    op.drop_table("source_messages")
