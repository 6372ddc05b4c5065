"""Tables of the outbox: pending messages, posted messages and their archive, open Home tabs, rate-limit blocks."""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    false,
)

from storage.db.columns import CountingId, Json, StorableText, UtcDateTime, partial_index, sql_one_of
from storage.db.metadata import ID, metadata

# Outbox

WAITING: Final = "status = 'waiting'"
LEASED: Final = "status = 'leased'"
RETRIED: Final = "retry_at IS NOT NULL"
UNCLASSIFIED: Final = "status = 'waiting' AND urgency IS NULL"
REFUSED: Final = "refused_since IS NOT NULL"

outbox: Final = Table(
    "outbox",
    metadata,
    Column("id", CountingId, primary_key=True, autoincrement=True),
    Column("workspace", ID, nullable=False),
    Column("key", StorableText, nullable=False),
    Column("kind", String(64), nullable=False),
    Column("handoff_id", ID, ForeignKey("handoffs.id")),
    Column("to_channel", ID),
    Column("to_thread_ts", ID),
    Column("to_reply_to", StorableText),
    Column("to_user", ID),
    Column("payload", Json, nullable=False),
    Column("erase", Boolean, nullable=False),
    Column("status", String(16), nullable=False),
    Column("put_at", UtcDateTime, nullable=False),
    Column("redrawn_at", UtcDateTime, nullable=False),
    Column("not_before", UtcDateTime, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("lease_until", UtcDateTime),
    Column("leased_by", StorableText),
    Column("first_leased_at", UtcDateTime),
    Column("error", StorableText),
    Column("retry_at", UtcDateTime),
    Column("refused_since", UtcDateTime),
    Column("urgency", Integer),
    CheckConstraint(sql_one_of("status", ["waiting", "leased"]), name="status"),
    CheckConstraint(f"({LEASED}) = (lease_until IS NOT NULL)", name="lease_ends"),
    partial_index("uq_outbox_waiting", "workspace", "key", where=WAITING, unique=True),
    partial_index("uq_outbox_leased", "workspace", "key", where=LEASED, unique=True),
    partial_index("uq_outbox_in_flight", "handoff_id", where=f"{LEASED} AND handoff_id IS NOT NULL", unique=True),
    partial_index("ix_outbox_due", "not_before", "id", where=WAITING),
    partial_index("ix_outbox_handoff", "handoff_id", where=WAITING),
    partial_index("ix_outbox_urgency", "urgency", "not_before", "id", where=WAITING),
    partial_index("ix_outbox_unclassified", "not_before", where=UNCLASSIFIED),
    partial_index("ix_outbox_retry", "retry_at", where=RETRIED),
    partial_index("ix_outbox_refused", "refused_since", where=REFUSED),
    sqlite_autoincrement=True,
)

messages: Final = Table(
    "messages",
    metadata,
    Column("workspace", ID, nullable=False),
    Column("key", StorableText, nullable=False),
    Column("kind", String(64), nullable=False),
    Column("handoff_id", ID, ForeignKey("handoffs.id")),
    Column("to_channel", ID),
    Column("to_thread_ts", ID),
    Column("to_reply_to", StorableText),
    Column("to_user", ID),
    Column("payload", Json, nullable=False),
    Column("channel", ID, nullable=False),
    Column("ts", ID, nullable=False),
    Column("permalink", StorableText),
    Column("posted_at", UtcDateTime, nullable=False),
    Column("settled", Boolean, nullable=False, server_default=false()),
    PrimaryKeyConstraint("workspace", "key"),
    Index("ix_messages_at", "workspace", "channel", "ts"),
    Index("ix_messages_handoff", "handoff_id"),
)

message_parts: Final = Table(
    "message_parts",
    metadata,
    Column("workspace", ID, nullable=False),
    Column("key", StorableText, nullable=False),
    Column("handoff_id", ID, ForeignKey("handoffs.id"), nullable=False),
    PrimaryKeyConstraint("workspace", "key", "handoff_id"),
    Index("ix_message_parts_handoff", "handoff_id"),
)
"""The handoffs that a message about several of them lists."""

archives: Final = Table(
    "message_archives",
    metadata,
    Column("handoff_id", ID, ForeignKey("handoffs.id"), primary_key=True),
    Column("content", LargeBinary, nullable=False),
)

homes: Final = Table(
    "homes",
    metadata,
    Column("workspace", ID, nullable=False),
    Column("user", ID, nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("open_until", UtcDateTime, nullable=False),
    Column("view_hash", StorableText),
    Column("digest", ID),
    Column("teams", Json, nullable=False),
    PrimaryKeyConstraint("workspace", "user"),
)

home_subjects: Final = Table(
    "home_subjects",
    metadata,
    Column("workspace", ID, nullable=False),
    Column("subject", StorableText, nullable=False),
    Column("user", ID, nullable=False),
    Column("open_until", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("workspace", "subject", "user"),
    Index("ix_home_subjects_user", "workspace", "user"),
    Index("ix_home_subjects_until", "open_until"),
)

pacing: Final = Table(
    "pacing",
    metadata,
    Column("bucket", StorableText, primary_key=True),
    Column("until", UtcDateTime, nullable=False),
    Column("since", UtcDateTime),
    Index("ix_pacing_until", "until"),
)
