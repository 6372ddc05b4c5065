"""The tables. What the rules say is repeated here as constraints, so that no bug can store what may not be.

Every row carries its workspace (Slack's team id). Indexes that serve daily questions are partial: they hold what is
live, so that cost follows what happens and not what merely exists. Their predicates are literals, in the index and in
the queries, because PostgreSQL's generic plans cannot match a bound value to a partial index.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    DDL,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    UniqueConstraint,
    event,
    false,
    text,
    true,
)

from storage.acts import Verdict
from storage.append_only import APPEND_ONLY
from storage.columns import Counting, Json, UtcDateTime, Words, one_of, partial
from storage.lifecycle import FINAL, ReadBack, State, Understanding
from storage.questions import Origin
from storage.records import Clock, Priority

metadata: Final = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    }
)
ID: Final = String(64)
"""Slack's ids and our own."""


# The company

workspaces: Final = Table(
    "workspaces",
    metadata,
    Column("id", ID, primary_key=True),
    Column("name", Words, nullable=False),
    Column("bot_user", ID, nullable=False),
    Column("bot_id", ID),
    Column("scopes", Json, nullable=False),
    Column("admins", Json, nullable=False),
    Column("calendar", Words),
    Column("config_digest", ID),
)

queues: Final = Table(
    "queues",
    metadata,
    Column("workspace", ID, nullable=False),
    Column("key", Words, nullable=False),
    Column("name", Words, nullable=False),
    Column("channel", ID, nullable=False),
    Column("members", Json, nullable=False),
    Column("managers", Json, nullable=False),
    Column("calendar", Words),
    Column("policy", Words),
    Column("templates", Json, nullable=False),
    Column("from_file", Boolean, nullable=False),
    Column("trouble", Words),
    Column("folded", Words, nullable=False),
    Column("digest", Boolean, nullable=False, server_default=true()),
    Column("digest_at", UtcDateTime),
    PrimaryKeyConstraint("workspace", "key"),
    Index("ix_queues_channel", "workspace", "channel"),
    partial("ix_queues_digest", "digest_at", where="digest_at IS NOT NULL"),
)

people: Final = Table(
    "people",
    metadata,
    Column("workspace", ID, nullable=False),
    Column("id", ID, nullable=False),
    Column("name", Words, nullable=False),
    Column("tz", Words),
    Column("deleted", Boolean, nullable=False),
    Column("is_bot", Boolean, nullable=False),
    Column("is_guest", Boolean, nullable=False),
    Column("team", ID),
    Column("manager", ID),
    Column("calendar", Words),
    Column("dnd_from", UtcDateTime),
    Column("dnd_until", UtcDateTime),
    Column("away_until", UtcDateTime),
    Column("dm_channel", ID),
    Column("seen_at", UtcDateTime),
    PrimaryKeyConstraint("workspace", "id"),
)

user_groups: Final = Table(
    "user_groups",
    metadata,
    Column("workspace", ID, nullable=False),
    Column("id", ID, nullable=False),
    Column("handle", Words, nullable=False),
    Column("name", Words, nullable=False),
    Column("members", Json, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("workspace", "id"),
)

channels: Final = Table(
    "channels",
    metadata,
    Column("workspace", ID, nullable=False),
    Column("id", ID, nullable=False),
    Column("name", Words, nullable=False),
    Column("is_private", Boolean, nullable=False),
    Column("is_archived", Boolean, nullable=False),
    Column("is_shared", Boolean, nullable=False),
    Column("has_bot", Boolean, nullable=False),
    Column("seen_at", UtcDateTime),
    PrimaryKeyConstraint("workspace", "id"),
)

webhooks: Final = Table(
    "webhooks",
    metadata,
    Column("workspace", ID, nullable=False),
    Column("key", Words, nullable=False),
    Column("url", Words, nullable=False),
    PrimaryKeyConstraint("workspace", "key"),
)


# Handoffs

LIVE: Final = one_of("state", [state for state in State if state not in FINAL])
OPEN: Final = one_of("state", [State.OPEN])
CLAIMED: Final = one_of("state", [State.CLAIMED])
DONE: Final = one_of("state", [State.DONE])
FINISHED: Final = one_of("state", [State.DONE, State.CANCELLED])

counters: Final = Table(
    "counters",
    metadata,
    Column("workspace", ID, primary_key=True),
    Column("handoffs", Integer, nullable=False),
)

handoffs: Final = Table(
    "handoffs",
    metadata,
    Column("id", ID, primary_key=True),
    Column("workspace", ID, nullable=False),
    Column("number", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("state_since", UtcDateTime, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("title", Words, nullable=False),
    Column("queue", Words, nullable=False),
    Column("hop", Integer, nullable=False),
    Column("rounds", Integer, nullable=False),
    Column("priority", String(16), nullable=False),
    Column("next_step", Words, nullable=False),
    Column("link", Words),
    Column("needed_by", UtcDateTime),
    Column("template", Words),
    Column("fields", Json, nullable=False),
    Column("originator", ID, nullable=False),
    Column("sender", ID, nullable=False),
    Column("owner", ID),
    Column("last_owner", ID),
    Column("offered_to", ID),
    Column("accountable", Words, nullable=False),
    Column("source", Json),
    Column(
        "snoozed_until",
        UtcDateTime,
        CheckConstraint(f"snoozed_until IS NULL OR {CLAIMED}", name="rests_while_claimed"),
    ),
    Column("template_version", Integer),
    Column("private", Boolean, nullable=False, server_default=false()),
    Column(
        "read_back_mode",
        String(16),
        CheckConstraint(one_of("read_back_mode", ReadBack), name="read_back_mode"),
        nullable=False,
        server_default=ReadBack.OFF.value,
    ),
    Column(
        "read_back",
        String(16),
        CheckConstraint(
            f"read_back IS NULL OR ({CLAIMED} AND read_back_mode <> 'off' AND {one_of('read_back', Understanding)})",
            name="read_back_while_claimed",
        ),
    ),
    Column("asked_at", UtcDateTime, CheckConstraint(f"asked_at IS NULL OR {CLAIMED}", name="asked_while_claimed")),
    Column("record", Words),
    Column("erase_at", UtcDateTime, CheckConstraint(f"erase_at IS NULL OR {FINISHED}", name="erased_once_finished")),
    UniqueConstraint("workspace", "number"),
    CheckConstraint(one_of("state", State), name="state"),
    CheckConstraint(one_of("priority", Priority), name="priority"),
    CheckConstraint(f"({CLAIMED}) = (owner IS NOT NULL)", name="one_owner"),
    CheckConstraint("owner <> ''", name="owner_named"),
    CheckConstraint("accountable <> ''", name="accountable_named"),
    CheckConstraint(f"offered_to IS NULL OR {OPEN}", name="offered_while_open"),
    CheckConstraint("version > 0 AND hop > 0 AND rounds >= 0 AND number > 0", name="counts_up"),
    CheckConstraint(
        "state <> 'deleted' OR (title = '' AND next_step = '' AND link IS NULL AND needed_by IS NULL"
        " AND source IS NULL)",
        name="deleted_is_blank",
    ),
    partial("ix_handoffs_record", "workspace", "record", "number", where="record IS NOT NULL"),
    partial("ix_handoffs_erase", "erase_at", where="erase_at IS NOT NULL"),
    partial("ix_handoffs_done", "workspace", "state_since", where=DONE),
    partial("ix_handoffs_open", "workspace", "queue", "state_since", where=OPEN),
    partial("ix_handoffs_in_queue", "workspace", "queue", where=LIVE),
    partial("ix_handoffs_owner", "workspace", "owner", where=CLAIMED),
    partial("ix_handoffs_sender", "workspace", "sender", where=LIVE),
    partial("ix_handoffs_offered", "workspace", "offered_to", where="offered_to IS NOT NULL"),
    partial("ix_handoffs_live", "id", where=LIVE),
)

notes: Final = Table(
    "notes",
    metadata,
    Column("id", ID, primary_key=True),
    Column("workspace", ID, nullable=False),
    Column("handoff_id", ForeignKey("handoffs.id"), nullable=False),
    Column("verb", String(32), nullable=False),
    Column("author", ID, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("plain", Words, nullable=False),
    Column("rich", Json),
    Column("reason", Words),
    Column("changes", Json),
    Column("edited_at", UtcDateTime),
    Column("removed_at", UtcDateTime),
    Index("ix_notes_handoff", "handoff_id", "at"),
)

verdicts: Final = Table(
    "verdicts",
    metadata,
    Column("id", Counting, primary_key=True, autoincrement=True),
    Column("workspace", ID, nullable=False),
    Column("handoff_id", ForeignKey("handoffs.id"), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("queue", Words, nullable=False),
    Column("template", Words),
    Column("template_version", Integer),
    Column("sender", ID, nullable=False),
    Column("judge", ID, nullable=False),
    Column("verdict", String(16), nullable=False),
    Column("line", Words, nullable=False),
    CheckConstraint(one_of("verdict", Verdict), name="verdict"),
    Index("ix_verdicts_at", "workspace", "at"),
    Index("ix_verdicts_handoff", "handoff_id"),
)

drafts: Final = Table(
    "drafts",
    metadata,
    Column("id", ID, primary_key=True),
    Column("workspace", ID, nullable=False),
    Column("author", ID, nullable=False),
    Column("saved_at", UtcDateTime, nullable=False),
    Column("content", Json, nullable=False),
    Index("ix_drafts_author", "workspace", "author", "saved_at"),
    Index("ix_drafts_saved", "saved_at"),
)

audit: Final = Table(
    "audit",
    metadata,
    Column("id", Counting, primary_key=True, autoincrement=True),
    Column("workspace", ID, nullable=False),
    Column("handoff_id", ForeignKey("handoffs.id")),
    Column("at", UtcDateTime, nullable=False),
    Column("verb", String(32), nullable=False),
    Column("actor", ID, nullable=False),
    Column("state_before", String(16)),
    Column("state_after", String(16)),
    Column("owner", ID),
    Column("accountable", Words),
    Column("queue", Words),
    Column("note_id", ForeignKey("notes.id")),
    Column("facts", Json, nullable=False),
    CheckConstraint(one_of("state_before", State), name="before"),
    CheckConstraint(one_of("state_after", State), name="after"),
    Index("ix_audit_handoff", "handoff_id", "id"),
    sqlite_autoincrement=True,
)

for _dialect, _statements in APPEND_ONLY.items():
    for _sql in _statements:
        _trigger = DDL(_sql)  # type: ignore[no-untyped-call]  # SQLAlchemy left it so
        event.listen(audit, "after_create", _trigger.execute_if(dialect=_dialect))


# Outbox

WAITING: Final = "status = 'waiting'"
LEASED: Final = "status = 'leased'"

outbox: Final = Table(
    "outbox",
    metadata,
    Column("id", Counting, primary_key=True, autoincrement=True),
    Column("workspace", ID, nullable=False),
    Column("key", Words, nullable=False),
    Column("kind", String(64), nullable=False),
    Column("handoff_id", ForeignKey("handoffs.id")),
    Column("to_channel", ID),
    Column("to_thread_ts", ID),
    Column("to_reply_to", Words),
    Column("to_user", ID),
    Column("payload", Json, nullable=False),
    Column("erase", Boolean, nullable=False),
    Column("status", String(16), nullable=False),
    Column("put_at", UtcDateTime, nullable=False),
    Column("redrawn_at", UtcDateTime, nullable=False),
    Column("not_before", UtcDateTime, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("lease_until", UtcDateTime),
    Column("leased_by", Words),
    Column("first_leased_at", UtcDateTime),
    Column("error", Words),
    CheckConstraint(one_of("status", ["waiting", "leased"]), name="status"),
    CheckConstraint(f"({LEASED}) = (lease_until IS NOT NULL)", name="lease_ends"),
    partial("uq_outbox_waiting", "workspace", "key", where=WAITING, unique=True),
    partial("uq_outbox_leased", "workspace", "key", where=LEASED, unique=True),
    partial("uq_outbox_in_flight", "handoff_id", where=f"{LEASED} AND handoff_id IS NOT NULL", unique=True),
    partial("ix_outbox_due", "not_before", "id", where=WAITING),
    partial("ix_outbox_handoff", "handoff_id", where=WAITING),
    sqlite_autoincrement=True,
)

messages: Final = Table(
    "messages",
    metadata,
    Column("workspace", ID, nullable=False),
    Column("key", Words, nullable=False),
    Column("kind", String(64), nullable=False),
    Column("handoff_id", ForeignKey("handoffs.id")),
    Column("to_channel", ID),
    Column("to_thread_ts", ID),
    Column("to_reply_to", Words),
    Column("to_user", ID),
    Column("payload", Json, nullable=False),
    Column("channel", ID, nullable=False),
    Column("ts", ID, nullable=False),
    Column("permalink", Words),
    Column("posted_at", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("workspace", "key"),
    Index("ix_messages_at", "workspace", "channel", "ts"),
    Index("ix_messages_handoff", "handoff_id"),
)

pacing: Final = Table(
    "pacing",
    metadata,
    Column("bucket", Words, primary_key=True),
    Column("until", UtcDateTime, nullable=False),
)


# Templates

templates: Final = Table(
    "templates",
    metadata,
    Column("workspace", ID, nullable=False),
    Column("key", Words, nullable=False),
    Column("version", Integer, nullable=False),
    Column("origin", String(16), nullable=False),
    Column("content", Json, nullable=False),
    Column("latest", Boolean, nullable=False),
    Column("removed", Boolean, nullable=False),
    PrimaryKeyConstraint("workspace", "key", "version"),
    CheckConstraint(one_of("origin", Origin), name="origin"),
    CheckConstraint("version > 0", name="counts_up"),
    partial("uq_templates_latest", "workspace", "key", where="latest", unique=True),
)

template_drafts: Final = Table(
    "template_drafts",
    metadata,
    Column("workspace", ID, nullable=False),
    Column("author", ID, nullable=False),
    Column("key", Words, nullable=False),
    Column("saved_at", UtcDateTime, nullable=False),
    Column("content", Json, nullable=False),
    PrimaryKeyConstraint("workspace", "author", "key"),
)


# Clocks

MISSED: Final = "NOT met"

timers: Final = Table(
    "timers",
    metadata,
    Column("id", ID, primary_key=True),
    Column("workspace", ID, nullable=False),
    Column("handoff_id", ForeignKey("handoffs.id"), nullable=False),
    Column("clock", String(16), nullable=False),
    Column("run", Integer, nullable=False),
    Column("policy", Words, nullable=False),
    Column("policy_version", Integer, nullable=False),
    Column("calendar", Words),
    Column("target_s", Integer, nullable=False),
    Column("consumed_s", Integer, nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("running_since", UtcDateTime),
    Column("deadline_at", UtcDateTime),
    Column("next_level", Words),
    Column("due_at", UtcDateTime),
    Column("fired", Json, nullable=False),
    Column("stopped_at", UtcDateTime),
    Column("met", Boolean),
    Column("wall", Boolean, nullable=False),
    Column("paused_at", UtcDateTime),
    Column("paused_s", Integer, nullable=False, server_default=text("0")),
    Column("quiet_until", UtcDateTime),
    UniqueConstraint("handoff_id", "clock", "run"),
    CheckConstraint(one_of("clock", Clock), name="clock"),
    CheckConstraint("due_at IS NULL OR stopped_at IS NULL", name="stopped_is_not_due"),
    CheckConstraint("due_at IS NULL OR running_since IS NOT NULL", name="paused_is_not_due"),
    partial("uq_timers_running", "handoff_id", "clock", where="stopped_at IS NULL", unique=True),
    partial("ix_timers_due", "due_at", where="due_at IS NOT NULL"),
    partial("ix_timers_missed", "workspace", "deadline_at", where=MISSED),
)

notices: Final = Table(
    "notices",
    metadata,
    Column("id", Counting, primary_key=True, autoincrement=True),
    Column("workspace", ID, nullable=False),
    Column("handoff_id", ForeignKey("handoffs.id"), nullable=False),
    Column("recipient", Words, nullable=False),
    Column("clock", String(16), nullable=False),
    Column("level", Words, nullable=False),
    Column("run", Integer, nullable=False),
    Column("put_at", UtcDateTime, nullable=False),
    Column("hear_at", UtcDateTime),
    Column("why", String(16)),
    Column("message", Words),
    Column("heard_at", UtcDateTime),
    UniqueConstraint("handoff_id", "clock", "run", "level", "recipient"),
    CheckConstraint("(hear_at IS NULL) = (message IS NULL)", name="said_or_skipped"),
    CheckConstraint("hear_at IS NOT NULL OR why IS NOT NULL", name="skipped_for_a_reason"),
    partial("ix_notices_message", "workspace", "message", where="message IS NOT NULL"),
    partial("ix_notices_recipient", "workspace", "recipient", "hear_at", where="hear_at IS NOT NULL"),
)

policies: Final = Table(
    "policies",
    metadata,
    Column("workspace", ID, nullable=False),
    Column("key", Words, nullable=False),
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
    Column("key", Words, nullable=False),
    Column("content", Json, nullable=False),
    PrimaryKeyConstraint("workspace", "key"),
)


# Receipts

receipts: Final = Table(
    "receipts",
    metadata,
    Column("workspace", ID, nullable=False),
    Column("key", Words, nullable=False),
    Column("fingerprint", Words, nullable=False),
    Column("handoff_id", ID),
    Column("at", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("workspace", "key"),
    Index("ix_receipts_at", "at"),
)
