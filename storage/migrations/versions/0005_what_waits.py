"""What waits follows the facts, and nothing false stays said.

Messages remember whether a change can make them false, queues their newest digest. Notices remember by which level they
came about, and which decisions were replaced. The messages of handoffs that ended long ago have an archive.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add columns that the version before can leave out.

    What it posted counts as not settled, and is redrawn at the next change.
    """
    op.add_column("messages", sa.Column("settled", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("queues", sa.Column("last_digest", sa.Text(), nullable=True))
    # Which file the process was started with, and what stood in it when it was last applied.
    op.add_column("workspaces", sa.Column("start_digest", sa.String(length=64), nullable=True))
    op.add_column("workspaces", sa.Column("start_file", sa.Text(), nullable=True))
    op.add_column("notices", sa.Column("via", sa.Text(), nullable=True))
    op.add_column("notices", sa.Column("replaced", _json(), nullable=True))
    _partial(
        "ix_notices_unsettled",
        "notices",
        ["workspace", "recipient"],
        "heard_at IS NULL AND (why IS NULL OR why NOT IN ('moot', 'failed', 'calm'))",
    )
    _create_archive()
    _add_pauses()


def downgrade() -> None:
    """Remove them."""
    op.drop_table("progress")
    op.drop_table("message_archives")
    op.drop_index("ix_notices_unsettled", "notices")
    op.drop_column("notices", "replaced")
    op.drop_column("notices", "via")
    op.drop_column("workspaces", "start_file")
    op.drop_column("workspaces", "start_digest")
    _drop_pauses()
    op.drop_column("queues", "last_digest")
    op.drop_column("messages", "settled")


def _create_archive() -> None:
    """Create the tables of messages that were packed, and of how far that has come."""
    op.create_table(
        "message_archives",
        sa.Column("handoff_id", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["handoff_id"], ["handoffs.id"], name=op.f("fk_message_archives_handoff_id")),
        sa.PrimaryKeyConstraint("handoff_id", name=op.f("pk_message_archives")),
    )
    op.create_table(
        "progress",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_progress")),
    )


def _partial(name: str, table: str, columns: list[str], where: str, *, unique: bool = False) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=condition, postgresql_where=condition)


def _json() -> Any:
    return sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def _add_pauses() -> None:
    """When a failed message is tried again and since when it fails, and when a pause of sending was written."""
    op.add_column("outbox", sa.Column("retry_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("outbox", sa.Column("refused_since", sa.DateTime(timezone=True), nullable=True))
    op.add_column("outbox", sa.Column("urgency", sa.Integer(), nullable=True))
    _partial("ix_outbox_urgency", "outbox", ["urgency", "not_before", "id"], "status = 'waiting'")
    _partial("ix_outbox_unclassified", "outbox", ["not_before"], "status = 'waiting' AND urgency IS NULL")
    _partial("ix_outbox_retry", "outbox", ["retry_at"], "retry_at IS NOT NULL")
    _partial("ix_outbox_refused", "outbox", ["refused_since"], "refused_since IS NOT NULL")
    op.add_column("pacing", sa.Column("since", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_pacing_until", "pacing", ["until"])


def _drop_pauses() -> None:
    op.drop_index("ix_pacing_until", table_name="pacing")
    op.drop_column("pacing", "since")
    op.drop_index("ix_outbox_refused", table_name="outbox")
    op.drop_index("ix_outbox_retry", table_name="outbox")
    op.drop_index("ix_outbox_unclassified", table_name="outbox")
    op.drop_index("ix_outbox_urgency", table_name="outbox")
    op.drop_column("outbox", "urgency")
    op.drop_column("outbox", "refused_since")
    op.drop_column("outbox", "retry_at")
