"""Indexes by which a search goes through documents, and through the work of a queue, from the newest to the oldest."""

from __future__ import annotations

from alembic import op

revision = "0013_search_places"
down_revision = "0012_sources"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the indexes."""
    op.create_index("ix_search_documents_places", "search_documents", ["workspace", "id"])
    op.create_index("ix_handoffs_by_queue", "handoffs", ["workspace", "queue", "number"])


def downgrade() -> None:
    """Remove them."""
    op.drop_index("ix_handoffs_by_queue", "handoffs")
    op.drop_index("ix_search_documents_places", "search_documents")
