"""Tables of handoffs: counters, handoffs, notes, verdicts, drafts, and the append-only audit."""

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
    PrimaryKeyConstraint,
    String,
    Table,
    UniqueConstraint,
    event,
    false,
)

from storage.db.columns import CountingId, Json, StorableText, UtcDateTime, partial_index, sql_one_of
from storage.db.metadata import ID, metadata
from storage.handoffs.acts import Verdict
from storage.handoffs.lifecycle import FINAL, ReadBackMode, ReadBackStatus, State
from storage.handoffs.model import Priority

# Handoffs

LIVE: Final = sql_one_of("state", [state for state in State if state not in FINAL])
OPEN: Final = sql_one_of("state", [State.OPEN])
CLAIMED: Final = sql_one_of("state", [State.CLAIMED])
DONE: Final = sql_one_of("state", [State.DONE])
FINISHED: Final = sql_one_of("state", [State.DONE, State.CANCELLED])

CONFIGURATION_CHANGED: Final = "configuration_changed"
"""The audit's word for a change of one object of the configuration."""

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
    Column("title", StorableText, nullable=False),
    Column("queue", StorableText, nullable=False),
    Column("hop", Integer, nullable=False),
    Column("rounds", Integer, nullable=False),
    Column("priority", String(16), nullable=False),
    Column("next_step", StorableText, nullable=False),
    Column("link", StorableText),
    Column("needed_by", UtcDateTime),
    Column("template", StorableText),
    Column("fields", Json, nullable=False),
    Column("originator", ID, nullable=False),
    Column("sender", ID, nullable=False),
    Column("owner", ID),
    Column("last_owner", ID),
    Column("offered_to", ID),
    Column("accountable", StorableText, nullable=False),
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
        CheckConstraint(sql_one_of("read_back_mode", ReadBackMode), name="read_back_mode"),
        nullable=False,
        server_default=ReadBackMode.OFF.value,
    ),
    Column(
        "read_back",
        String(16),
        CheckConstraint(
            f"read_back IS NULL OR ({CLAIMED} AND read_back_mode <> 'off' "
            f"AND {sql_one_of('read_back', ReadBackStatus)})",
            name="read_back_while_claimed",
        ),
    ),
    Column("asked_at", UtcDateTime, CheckConstraint(f"asked_at IS NULL OR {CLAIMED}", name="asked_while_claimed")),
    Column("record", StorableText),
    Column("erase_at", UtcDateTime, CheckConstraint(f"erase_at IS NULL OR {FINISHED}", name="erased_once_finished")),
    UniqueConstraint("workspace", "number"),
    CheckConstraint(sql_one_of("state", State), name="state"),
    CheckConstraint(sql_one_of("priority", Priority), name="priority"),
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
    partial_index("ix_handoffs_record", "workspace", "record", "number", where="record IS NOT NULL"),
    partial_index("ix_handoffs_erase", "erase_at", where="erase_at IS NOT NULL"),
    partial_index("ix_handoffs_done", "workspace", "state_since", where=DONE),
    partial_index("ix_handoffs_open", "workspace", "queue", "state_since", where=OPEN),
    partial_index("ix_handoffs_in_queue", "workspace", "queue", where=LIVE),
    partial_index("ix_handoffs_owner", "workspace", "owner", where=CLAIMED),
    partial_index("ix_handoffs_sender", "workspace", "sender", where=LIVE),
    partial_index("ix_handoffs_originator", "workspace", "originator", where=LIVE),
    partial_index("ix_handoffs_offered", "workspace", "offered_to", where="offered_to IS NOT NULL"),
    partial_index("ix_handoffs_live", "id", where=LIVE),
    Index("ix_handoffs_by_originator", "workspace", "originator", "number"),
    Index("ix_handoffs_by_sender", "workspace", "sender", "number"),
    Index("ix_handoffs_by_last_owner", "workspace", "last_owner", "number"),
    Index("ix_handoffs_by_queue", "workspace", "queue", "number"),
)

notes: Final = Table(
    "notes",
    metadata,
    Column("id", ID, primary_key=True),
    Column("workspace", ID, nullable=False),
    Column("handoff_id", ID, ForeignKey("handoffs.id"), nullable=False),
    Column("verb", String(32), nullable=False),
    Column("author", ID, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("plain", StorableText, nullable=False),
    Column("rich", Json),
    Column("reason", StorableText),
    Column("changes", Json),
    Column("edited_at", UtcDateTime),
    Column("removed_at", UtcDateTime),
    Index("ix_notes_handoff", "handoff_id", "at"),
)

verdicts: Final = Table(
    "verdicts",
    metadata,
    Column("id", CountingId, primary_key=True, autoincrement=True),
    Column("workspace", ID, nullable=False),
    Column("handoff_id", ID, ForeignKey("handoffs.id"), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("queue", StorableText, nullable=False),
    Column("template", StorableText),
    Column("template_version", Integer),
    Column("sender", ID, nullable=False),
    Column("judge", ID, nullable=False),
    Column("verdict", String(16), nullable=False),
    Column("line", StorableText, nullable=False),
    CheckConstraint(sql_one_of("verdict", Verdict), name="verdict"),
    Index("ix_verdicts_at", "workspace", "at"),
    Index("ix_verdicts_handoff", "handoff_id"),
)

watchers: Final = Table(
    "watchers",
    metadata,
    Column("handoff_id", ID, ForeignKey("handoffs.id"), nullable=False),
    Column("watcher", ID, nullable=False),
    Column("workspace", ID, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("handoff_id", "watcher"),
)

sources: Final = Table(
    "source_messages",
    metadata,
    Column("workspace", ID, nullable=False),
    Column("channel", ID, nullable=False),
    Column("ts", ID, nullable=False),
    Column("user", ID, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("handoff_id", ID, ForeignKey("handoffs.id")),
    PrimaryKeyConstraint("workspace", "channel", "ts", "user"),
    Index("ix_source_messages_handoff", "handoff_id"),
    partial_index("ix_source_messages_unused", "at", where="handoff_id IS NULL"),
)
"""A message in Slack by each person who was offered to hand it off or did; `handoff_id` is what came of it."""

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
    Column("id", CountingId, primary_key=True, autoincrement=True),
    Column("workspace", ID, nullable=False),
    Column("handoff_id", ID, ForeignKey("handoffs.id")),
    Column("at", UtcDateTime, nullable=False),
    Column("verb", String(32), nullable=False),
    Column("actor", ID, nullable=False),
    Column("state_before", String(16)),
    Column("state_after", String(16)),
    Column("owner", ID),
    Column("accountable", StorableText),
    Column("queue", StorableText),
    Column("note_id", ID, ForeignKey("notes.id")),
    Column("facts", Json, nullable=False),
    CheckConstraint(sql_one_of("state_before", State), name="before"),
    CheckConstraint(sql_one_of("state_after", State), name="after"),
    Index("ix_audit_handoff", "handoff_id", "id"),
    partial_index("ix_audit_configuration", "workspace", "id", where=f"verb = '{CONFIGURATION_CHANGED}'"),
    sqlite_autoincrement=True,
)

APPEND_ONLY: Final = {
    "sqlite": (
        """CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit
           BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END""",
        """CREATE TRIGGER audit_is_never_deleted BEFORE DELETE ON audit
           BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END""",
    ),
    "postgresql": (
        """CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
           $$ BEGIN RAISE EXCEPTION 'the audit is append-only'; END $$""",
        """CREATE TRIGGER audit_is_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
           FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only()""",
    ),
}
"""Triggers, by dialect, that refuse to change or delete an audit entry."""

for _dialect, _statements in APPEND_ONLY.items():
    for _sql in _statements:
        _trigger = DDL(_sql)  # type: ignore[no-untyped-call]  # SQLAlchemy has no annotation
        event.listen(audit, "after_create", _trigger.execute_if(dialect=_dialect))
