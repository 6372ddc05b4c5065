"""The table of the messages collected for summaries."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, ForeignKey, Index, PrimaryKeyConstraint, String, Table

from storage.db.columns import Json, StorableText, UtcDateTime
from storage.db.metadata import ID, metadata

collected: Final = Table(
    "collected_messages",
    metadata,
    Column("workspace", ID, nullable=False),
    Column("key", StorableText, nullable=False),
    Column("user", ID, nullable=False),
    Column("summary", StorableText, nullable=False),
    Column("kind", String(64), nullable=False),
    Column("topic", String(16), nullable=False),
    Column("handoff_id", ID, ForeignKey("handoffs.id"), nullable=False),
    Column("payload", Json, nullable=False),
    Column("put_at", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("workspace", "key"),
    Index("ix_collected_messages_summary", "workspace", "user", "summary"),
    Index("ix_collected_messages_handoff", "handoff_id"),
    Index("ix_collected_messages_put_at", "put_at"),
)
