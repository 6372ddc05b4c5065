"""Personal settings: how a person gets messages, and the messages collected for their summaries."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014_personal"
down_revision = "0013_search_places"
branch_labels = None
depends_on = None

_ID = sa.String(length=64)


def upgrade() -> None:
    """Add a column and a table that the version before can leave out."""
    op.add_column("people", sa.Column("settings", _json(), nullable=True))
    op.create_table(
        "collected_messages",
        sa.Column("workspace", _ID, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("user", _ID, nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("kind", _ID, nullable=False),
        sa.Column("topic", sa.String(length=16), nullable=False),
        sa.Column("handoff_id", _ID, nullable=False),
        sa.Column("payload", _json(), nullable=False),
        sa.Column("put_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["handoff_id"], ["handoffs.id"], name=op.f("fk_collected_messages_handoff_id")),
        sa.PrimaryKeyConstraint("workspace", "key", name=op.f("pk_collected_messages")),
    )
    op.create_index("ix_collected_messages_summary", "collected_messages", ["workspace", "user", "summary"])
    op.create_index("ix_collected_messages_handoff", "collected_messages", ["handoff_id"])
    op.create_index("ix_collected_messages_put_at", "collected_messages", ["put_at"])


def downgrade() -> None:
    """Remove them."""
    op.drop_table("collected_messages")
    op.drop_column("people", "settings")


def _json() -> Any:
    return sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
