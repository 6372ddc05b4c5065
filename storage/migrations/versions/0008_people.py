"""People say when they are away and who covers for them. Notices remember for whom a colleague was notified."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_COVER = """
ALTER TABLE people ADD COLUMN cover VARCHAR(64)
CONSTRAINT ck_people_absent_from_till CHECK ((absent_since IS NULL) = (absent_until IS NULL))
CONSTRAINT ck_people_covered_while_absent CHECK (cover IS NULL OR absent_until IS NOT NULL)
"""
"""In one statement: SQLite adds a constraint only together with a column."""


def upgrade() -> None:
    """Add columns that the version before can leave out."""
    op.add_column("people", sa.Column("absent_since", sa.DateTime(timezone=True), nullable=True))
    op.add_column("people", sa.Column("absent_until", sa.DateTime(timezone=True), nullable=True))
    op.execute(_COVER)
    _partial("ix_people_absent", "people", ["absent_until"], "absent_until IS NOT NULL")
    op.add_column("notices", sa.Column("instead_of", sa.String(length=64), nullable=True))


def downgrade() -> None:
    """Remove them."""
    op.drop_column("notices", "instead_of")
    op.drop_index("ix_people_absent", "people")
    op.drop_column("people", "cover")
    op.drop_column("people", "absent_until")
    op.drop_column("people", "absent_since")


def _partial(name: str, table: str, columns: list[str], where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, sqlite_where=condition, postgresql_where=condition)
