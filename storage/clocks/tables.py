"""Tables of clocks: timers, notices, policies, calendars."""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    UniqueConstraint,
    text,
)

from storage.clocks.model import ClockKind
from storage.db.columns import CountingId, Json, StorableText, UtcDateTime, partial_index, sql_one_of
from storage.db.metadata import ID, metadata

# Clocks

MISSED: Final = "NOT met"
UNSETTLED: Final = "heard_at IS NULL AND (why IS NULL OR why NOT IN ('moot', 'failed', 'calm'))"
"""Notices that are decided anew when a fact changes: held, about to be sent, or skipped because of their recipient."""

timers: Final = Table(
    "timers",
    metadata,
    Column("id", ID, primary_key=True),
    Column("workspace", ID, nullable=False),
    Column("handoff_id", ID, ForeignKey("handoffs.id"), nullable=False),
    Column("clock", String(16), nullable=False),
    Column("run", Integer, nullable=False),
    Column("policy", StorableText, nullable=False),
    Column("policy_version", Integer, nullable=False),
    Column("calendar", StorableText),
    Column("target_s", Integer, nullable=False),
    Column("consumed_s", Integer, nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("running_since", UtcDateTime),
    Column("deadline_at", UtcDateTime),
    Column("next_level", StorableText),
    Column("due_at", UtcDateTime),
    Column("fired", Json, nullable=False),
    Column("stopped_at", UtcDateTime),
    Column("met", Boolean),
    Column("wall", Boolean, nullable=False),
    Column("paused_at", UtcDateTime),
    Column("paused_s", Integer, nullable=False, server_default=text("0")),
    Column("quiet_until", UtcDateTime),
    UniqueConstraint("handoff_id", "clock", "run"),
    CheckConstraint(sql_one_of("clock", ClockKind), name="clock"),
    CheckConstraint("due_at IS NULL OR stopped_at IS NULL", name="stopped_is_not_due"),
    CheckConstraint("due_at IS NULL OR running_since IS NOT NULL", name="paused_is_not_due"),
    partial_index("uq_timers_running", "handoff_id", "clock", where="stopped_at IS NULL", unique=True),
    partial_index("ix_timers_due", "due_at", where="due_at IS NOT NULL"),
    partial_index("ix_timers_missed", "workspace", "deadline_at", where=MISSED),
)

notices: Final = Table(
    "notices",
    metadata,
    Column("id", CountingId, primary_key=True, autoincrement=True),
    Column("workspace", ID, nullable=False),
    Column("handoff_id", ID, ForeignKey("handoffs.id"), nullable=False),
    Column("recipient", StorableText, nullable=False),
    Column("clock", String(16), nullable=False),
    Column("level", StorableText, nullable=False),
    Column("run", Integer, nullable=False),
    Column("put_at", UtcDateTime, nullable=False),
    Column("hear_at", UtcDateTime),
    Column("why", String(16)),
    Column("message", StorableText),
    Column("heard_at", UtcDateTime),
    Column("via", StorableText),
    Column("replaced", Json),
    Column("instead_of", ID),
    UniqueConstraint("handoff_id", "clock", "run", "level", "recipient"),
    CheckConstraint("(hear_at IS NULL) = (message IS NULL)", name="said_or_skipped"),
    CheckConstraint("hear_at IS NOT NULL OR why IS NOT NULL", name="skipped_for_a_reason"),
    partial_index("ix_notices_message", "workspace", "message", where="message IS NOT NULL"),
    partial_index("ix_notices_recipient", "workspace", "recipient", "hear_at", where="hear_at IS NOT NULL"),
    partial_index("ix_notices_unsettled", "workspace", "recipient", where=UNSETTLED),
)

policies: Final = Table(
    "policies",
    metadata,
    Column("workspace", ID, nullable=False),
    Column("key", StorableText, nullable=False),
    Column("version", Integer, nullable=False),
    Column("content", Json, nullable=False),
    Column("removed", Boolean, nullable=False),
    PrimaryKeyConstraint("workspace", "key", "version"),
    CheckConstraint("version > 0", name="counts_up"),
)

calendars: Final = Table(
    "calendars",
    metadata,
    Column("workspace", ID, nullable=False),
    Column("key", StorableText, nullable=False),
    Column("content", Json, nullable=False),
    PrimaryKeyConstraint("workspace", "key"),
)
