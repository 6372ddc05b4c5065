"""An index of the admins and owners of the Slack workspace, who are told what no manager sees to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011_slack_admins"
down_revision = "0010"
branch_labels = None
depends_on = None

_ADMINS = sa.text("is_slack_admin")


def upgrade() -> None:
    """Add it."""
    op.create_index(
        "ix_people_slack_admin",
        "people",
        ["workspace", "id"],
        sqlite_where=_ADMINS,
        postgresql_where=_ADMINS,
    )


def downgrade() -> None:
    """Remove it."""
    op.drop_index("ix_people_slack_admin", "people")
