"""What the sweep that looks after clocks needs: an index of live handoffs, and since when today's terms hold.

Clocks that came with this version start with the next change of a handoff; the audit entry says from when on.

A migration is history: it names its types and rules itself and imports nothing that may change later.
"""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_LIVE = sa.text("state IN ('open', 'claimed', 'returned')")

_AUDIT = sa.table(
    "audit",
    sa.column("workspace", sa.String),
    sa.column("at", sa.DateTime(timezone=True)),
    sa.column("verb", sa.String),
    sa.column("actor", sa.String),
    sa.column("facts", sa.JSON().with_variant(postgresql.JSONB(), "postgresql")),
)


def upgrade() -> None:
    """Add the index, and the entry for every workspace that there is."""
    op.create_index("ix_handoffs_live", "handoffs", ["id"], sqlite_where=_LIVE, postgresql_where=_LIVE)
    found = op.get_bind().execute(sa.text("SELECT id FROM workspaces"))
    entry = {"at": datetime.now(UTC), "verb": "configured", "actor": "baton", "facts": {}}
    op.bulk_insert(_AUDIT, [entry | {"workspace": row.id} for row in found])


def downgrade() -> None:
    """Take the index away again; the audit keeps its entry."""
    op.drop_index("ix_handoffs_live", table_name="handoffs")
