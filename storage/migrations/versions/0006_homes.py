"""Home tabs that people have open, and the handoffs that a person began and others passed on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_LIVE = "state IN ('open', 'claimed', 'returned')"


def upgrade() -> None:
    """Add the tables, and an index that the version before does not use."""
    op.create_table(
        "homes",
        sa.Column("workspace", sa.String(length=64), nullable=False),
        sa.Column("user", sa.String(length=64), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("open_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("view_hash", sa.Text(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("teams", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "user", name=op.f("pk_homes")),
    )
    op.create_table(
        "home_subjects",
        sa.Column("workspace", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("user", sa.String(length=64), nullable=False),
        sa.Column("open_until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "subject", "user", name=op.f("pk_home_subjects")),
    )
    op.create_index("ix_home_subjects_user", "home_subjects", ["workspace", "user"])
    op.create_index("ix_home_subjects_until", "home_subjects", ["open_until"])
    _partial("ix_handoffs_originator", "handoffs", ["workspace", "originator"], _LIVE)
    _partial("ix_people_manager", "people", ["workspace", "manager"], "manager IS NOT NULL")


def downgrade() -> None:
    """Remove them."""
    op.drop_index("ix_people_manager", "people")
    op.drop_index("ix_handoffs_originator", "handoffs")
    op.drop_table("home_subjects")
    op.drop_table("homes")


def _partial(name: str, table: str, columns: list[str], where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, sqlite_where=condition, postgresql_where=condition)
