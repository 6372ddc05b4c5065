"""What Baton said stays true: messages remember whether a change can make them false, queues their newest digest."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns. What an older version posted counts as not settled, and is redrawn at the next change."""
    op.add_column("messages", sa.Column("settled", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("queues", sa.Column("last_digest", sa.Text(), nullable=True))
    # Which file the process was started with, and what stood in it when it was last applied.
    op.add_column("workspaces", sa.Column("start_digest", sa.String(length=64), nullable=True))
    op.add_column("workspaces", sa.Column("start_file", sa.Text(), nullable=True))


def downgrade() -> None:
    """Remove them."""
    op.drop_column("workspaces", "start_file")
    op.drop_column("workspaces", "start_digest")
    op.drop_column("queues", "last_digest")
    op.drop_column("messages", "settled")
