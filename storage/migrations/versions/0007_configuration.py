"""Each object of the configuration belongs to the file or to Slack, and has a version; its changes are in the audit.

Who may claim and send is said per queue, and who administers the Slack workspace is stored.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table, with the queues that were made in Slack, and the index of the audit's changes."""
    op.create_table(
        "configuration",
        sa.Column("workspace", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("owner", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(length=64), nullable=False),
        sa.Column("file", sa.Text(), nullable=True),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('calendar', 'policy', 'queue', 'webhook', 'template', 'person', 'setting')",
            name=op.f("ck_configuration_kind"),
        ),
        sa.CheckConstraint("owner IN ('file', 'slack')", name=op.f("ck_configuration_owner")),
        sa.PrimaryKeyConstraint("workspace", "kind", "key", name=op.f("pk_configuration")),
    )
    op.execute(
        "INSERT INTO configuration (workspace, kind, key, owner, version, changed_at, changed_by, removed)"
        " SELECT workspace, 'queue', key, 'slack', 0, CURRENT_TIMESTAMP, 'baton', false FROM queues WHERE NOT from_file"
    )
    op.add_column("queues", sa.Column("claimers", sa.String(length=16), server_default="members", nullable=False))
    op.add_column("queues", sa.Column("senders", _json(), nullable=True))
    op.add_column("workspaces", sa.Column("slack_admins", sa.Boolean(), server_default=sa.true(), nullable=False))
    op.add_column("people", sa.Column("is_slack_admin", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_table(
        "channel_members",
        sa.Column("workspace", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=64), nullable=False),
        sa.Column("user", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "channel", "user", name=op.f("pk_channel_members")),
    )
    changed = sa.text("verb = 'configuration_changed'")
    op.create_index(
        "ix_audit_configuration", "audit", ["workspace", "id"], sqlite_where=changed, postgresql_where=changed
    )


def downgrade() -> None:
    """Remove them."""
    op.drop_index("ix_audit_configuration", "audit")
    op.drop_table("channel_members")
    op.drop_column("people", "is_slack_admin")
    op.drop_column("workspaces", "slack_admins")
    op.drop_column("queues", "senders")
    op.drop_column("queues", "claimers")
    op.drop_table("configuration")


def _json() -> Any:
    return sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
