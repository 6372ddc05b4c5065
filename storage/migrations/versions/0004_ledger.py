"""The ledger: every table, and the triggers that keep the audit as it was written.

It is the sum of the migrations up to 0004 and carries the number of the last of them, so that a database which had them
all is up to date. A migration is history: it names its types and rules itself and imports nothing that may change later.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create every table with its indexes, and the triggers on the audit."""
    op.create_table(
        "calendars",
        sa.Column("workspace", sa.String(length=64), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("content", _json(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "key", name=op.f("pk_calendars")),
    )
    op.create_table(
        "channels",
        sa.Column("workspace", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("is_private", sa.Boolean(), nullable=False),
        sa.Column("is_archived", sa.Boolean(), nullable=False),
        sa.Column("is_shared", sa.Boolean(), nullable=False),
        sa.Column("has_bot", sa.Boolean(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("workspace", "id", name=op.f("pk_channels")),
    )
    op.create_table(
        "counters",
        sa.Column("workspace", sa.String(length=64), nullable=False),
        sa.Column("handoffs", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", name=op.f("pk_counters")),
    )
    op.create_table(
        "drafts",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("workspace", sa.String(length=64), nullable=False),
        sa.Column("author", sa.String(length=64), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", _json(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drafts")),
    )
    op.create_index("ix_drafts_author", "drafts", ["workspace", "author", "saved_at"])
    op.create_index("ix_drafts_saved", "drafts", ["saved_at"])
    op.create_table(
        "handoffs",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("workspace", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("queue", sa.Text(), nullable=False),
        sa.Column("hop", sa.Integer(), nullable=False),
        sa.Column("rounds", sa.Integer(), nullable=False),
        sa.Column("priority", sa.String(length=16), nullable=False),
        sa.Column("next_step", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=True),
        sa.Column("needed_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("template", sa.Text(), nullable=True),
        sa.Column("fields", _json(), nullable=False),
        sa.Column("originator", sa.String(length=64), nullable=False),
        sa.Column("sender", sa.String(length=64), nullable=False),
        sa.Column("owner", sa.String(length=64), nullable=True),
        sa.Column("last_owner", sa.String(length=64), nullable=True),
        sa.Column("offered_to", sa.String(length=64), nullable=True),
        sa.Column("accountable", sa.Text(), nullable=False),
        sa.Column("source", _json(), nullable=True),
        sa.Column(
            "snoozed_until",
            sa.DateTime(timezone=True),
            sa.CheckConstraint(
                "snoozed_until IS NULL OR state = 'claimed'", name=op.f("ck_handoffs_rests_while_claimed")
            ),
            nullable=True,
        ),
        sa.Column("template_version", sa.Integer(), nullable=True),
        sa.Column("private", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column(
            "read_back_mode",
            sa.String(length=16),
            sa.CheckConstraint("read_back_mode IN ('off', 'soft', 'hard')", name=op.f("ck_handoffs_read_back_mode")),
            server_default="off",
            nullable=False,
        ),
        sa.Column(
            "read_back",
            sa.String(length=16),
            sa.CheckConstraint(
                "read_back IS NULL OR (state = 'claimed' AND read_back_mode <> 'off'"
                " AND read_back IN ('due', 'given', 'right', 'corrected'))",
                name=op.f("ck_handoffs_read_back_while_claimed"),
            ),
            nullable=True,
        ),
        sa.Column(
            "asked_at",
            sa.DateTime(timezone=True),
            sa.CheckConstraint("asked_at IS NULL OR state = 'claimed'", name=op.f("ck_handoffs_asked_while_claimed")),
            nullable=True,
        ),
        sa.Column("record", sa.Text(), nullable=True),
        sa.Column(
            "erase_at",
            sa.DateTime(timezone=True),
            sa.CheckConstraint(
                "erase_at IS NULL OR state IN ('done', 'cancelled')", name=op.f("ck_handoffs_erased_once_finished")
            ),
            nullable=True,
        ),
        sa.CheckConstraint("(state = 'claimed') = (owner IS NOT NULL)", name=op.f("ck_handoffs_one_owner")),
        sa.CheckConstraint("accountable <> ''", name=op.f("ck_handoffs_accountable_named")),
        sa.CheckConstraint("offered_to IS NULL OR state = 'open'", name=op.f("ck_handoffs_offered_while_open")),
        sa.CheckConstraint("owner <> ''", name=op.f("ck_handoffs_owner_named")),
        sa.CheckConstraint("priority IN ('low', 'normal', 'high', 'critical')", name=op.f("ck_handoffs_priority")),
        sa.CheckConstraint(
            "state <> 'deleted' OR (title = '' AND next_step = '' AND link IS NULL AND needed_by IS NULL AND source IS NULL)",
            name=op.f("ck_handoffs_deleted_is_blank"),
        ),
        sa.CheckConstraint(
            "state IN ('open', 'claimed', 'returned', 'done', 'cancelled', 'deleted')", name=op.f("ck_handoffs_state")
        ),
        sa.CheckConstraint(
            "version > 0 AND hop > 0 AND rounds >= 0 AND number > 0", name=op.f("ck_handoffs_counts_up")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handoffs")),
        sa.UniqueConstraint("workspace", "number", name=op.f("uq_handoffs_workspace_number")),
    )
    _partial("ix_handoffs_done", "handoffs", ["workspace", "state_since"], "state = 'done'")
    _partial("ix_handoffs_erase", "handoffs", ["erase_at"], "erase_at IS NOT NULL")
    _partial("ix_handoffs_in_queue", "handoffs", ["workspace", "queue"], "state IN ('open', 'claimed', 'returned')")
    _partial("ix_handoffs_live", "handoffs", ["id"], "state IN ('open', 'claimed', 'returned')")
    _partial("ix_handoffs_offered", "handoffs", ["workspace", "offered_to"], "offered_to IS NOT NULL")
    _partial("ix_handoffs_open", "handoffs", ["workspace", "queue", "state_since"], "state = 'open'")
    _partial("ix_handoffs_owner", "handoffs", ["workspace", "owner"], "state = 'claimed'")
    _partial("ix_handoffs_record", "handoffs", ["workspace", "record", "number"], "record IS NOT NULL")
    _partial("ix_handoffs_sender", "handoffs", ["workspace", "sender"], "state IN ('open', 'claimed', 'returned')")
    op.create_table(
        "pacing",
        sa.Column("bucket", sa.Text(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("bucket", name=op.f("pk_pacing")),
    )
    op.create_table(
        "people",
        sa.Column("workspace", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("tz", sa.Text(), nullable=True),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("is_bot", sa.Boolean(), nullable=False),
        sa.Column("is_guest", sa.Boolean(), nullable=False),
        sa.Column("team", sa.String(length=64), nullable=True),
        sa.Column("manager", sa.String(length=64), nullable=True),
        sa.Column("calendar", sa.Text(), nullable=True),
        sa.Column("dnd_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dnd_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("away_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dm_channel", sa.String(length=64), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("workspace", "id", name=op.f("pk_people")),
    )
    op.create_table(
        "policies",
        sa.Column("workspace", sa.String(length=64), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", _json(), nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.CheckConstraint("version > 0", name=op.f("ck_policies_counts_up")),
        sa.PrimaryKeyConstraint("workspace", "key", "version", name=op.f("pk_policies")),
    )
    op.create_table(
        "queues",
        sa.Column("workspace", sa.String(length=64), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("channel", sa.String(length=64), nullable=False),
        sa.Column("members", _json(), nullable=False),
        sa.Column("managers", _json(), nullable=False),
        sa.Column("calendar", sa.Text(), nullable=True),
        sa.Column("policy", sa.Text(), nullable=True),
        sa.Column("templates", _json(), nullable=False),
        sa.Column("from_file", sa.Boolean(), nullable=False),
        sa.Column("trouble", sa.Text(), nullable=True),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("digest", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("digest_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("workspace", "key", name=op.f("pk_queues")),
    )
    op.create_index("ix_queues_channel", "queues", ["workspace", "channel"])
    _partial("ix_queues_digest", "queues", ["digest_at"], "digest_at IS NOT NULL")
    op.create_table(
        "receipts",
        sa.Column("workspace", sa.String(length=64), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("handoff_id", sa.String(length=64), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "key", name=op.f("pk_receipts")),
    )
    op.create_index("ix_receipts_at", "receipts", ["at"])
    op.create_table(
        "template_drafts",
        sa.Column("workspace", sa.String(length=64), nullable=False),
        sa.Column("author", sa.String(length=64), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", _json(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "author", "key", name=op.f("pk_template_drafts")),
    )
    op.create_table(
        "templates",
        sa.Column("workspace", sa.String(length=64), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("content", _json(), nullable=False),
        sa.Column("latest", sa.Boolean(), nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.CheckConstraint("origin IN ('shipped', 'file', 'slack')", name=op.f("ck_templates_origin")),
        sa.CheckConstraint("version > 0", name=op.f("ck_templates_counts_up")),
        sa.PrimaryKeyConstraint("workspace", "key", "version", name=op.f("pk_templates")),
    )
    _partial("uq_templates_latest", "templates", ["workspace", "key"], "latest", unique=True)
    op.create_table(
        "user_groups",
        sa.Column("workspace", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("handle", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("members", _json(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "id", name=op.f("pk_user_groups")),
    )
    op.create_table(
        "webhooks",
        sa.Column("workspace", sa.String(length=64), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "key", name=op.f("pk_webhooks")),
    )
    op.create_table(
        "workspaces",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("bot_user", sa.String(length=64), nullable=False),
        sa.Column("bot_id", sa.String(length=64), nullable=True),
        sa.Column("scopes", _json(), nullable=False),
        sa.Column("admins", _json(), nullable=False),
        sa.Column("calendar", sa.Text(), nullable=True),
        sa.Column("config_digest", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workspaces")),
    )
    op.create_table(
        "messages",
        sa.Column("workspace", sa.String(length=64), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("handoff_id", sa.String(length=64), nullable=True),
        sa.Column("to_channel", sa.String(length=64), nullable=True),
        sa.Column("to_thread_ts", sa.String(length=64), nullable=True),
        sa.Column("to_reply_to", sa.Text(), nullable=True),
        sa.Column("to_user", sa.String(length=64), nullable=True),
        sa.Column("payload", _json(), nullable=False),
        sa.Column("channel", sa.String(length=64), nullable=False),
        sa.Column("ts", sa.String(length=64), nullable=False),
        sa.Column("permalink", sa.Text(), nullable=True),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["handoff_id"], ["handoffs.id"], name=op.f("fk_messages_handoff_id")),
        sa.PrimaryKeyConstraint("workspace", "key", name=op.f("pk_messages")),
    )
    op.create_index("ix_messages_at", "messages", ["workspace", "channel", "ts"])
    op.create_index("ix_messages_handoff", "messages", ["handoff_id"])
    op.create_table(
        "notes",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("workspace", sa.String(length=64), nullable=False),
        sa.Column("handoff_id", sa.String(length=64), nullable=False),
        sa.Column("verb", sa.String(length=32), nullable=False),
        sa.Column("author", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("plain", sa.Text(), nullable=False),
        sa.Column("rich", _json(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("changes", _json(), nullable=True),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["handoff_id"], ["handoffs.id"], name=op.f("fk_notes_handoff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notes")),
    )
    op.create_index("ix_notes_handoff", "notes", ["handoff_id", "at"])
    op.create_table(
        "notices",
        sa.Column("id", _counting(), autoincrement=True, nullable=False),
        sa.Column("workspace", sa.String(length=64), nullable=False),
        sa.Column("handoff_id", sa.String(length=64), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("clock", sa.String(length=16), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("put_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hear_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("why", sa.String(length=16), nullable=True),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(hear_at IS NULL) = (message IS NULL)", name=op.f("ck_notices_said_or_skipped")),
        sa.CheckConstraint("hear_at IS NOT NULL OR why IS NOT NULL", name=op.f("ck_notices_skipped_for_a_reason")),
        sa.ForeignKeyConstraint(["handoff_id"], ["handoffs.id"], name=op.f("fk_notices_handoff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint(
            "handoff_id",
            "clock",
            "run",
            "level",
            "recipient",
            name=op.f("uq_notices_handoff_id_clock_run_level_recipient"),
        ),
    )
    _partial("ix_notices_message", "notices", ["workspace", "message"], "message IS NOT NULL")
    _partial("ix_notices_recipient", "notices", ["workspace", "recipient", "hear_at"], "hear_at IS NOT NULL")
    op.create_table(
        "outbox",
        sa.Column("id", _counting(), autoincrement=True, nullable=False),
        sa.Column("workspace", sa.String(length=64), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("handoff_id", sa.String(length=64), nullable=True),
        sa.Column("to_channel", sa.String(length=64), nullable=True),
        sa.Column("to_thread_ts", sa.String(length=64), nullable=True),
        sa.Column("to_reply_to", sa.Text(), nullable=True),
        sa.Column("to_user", sa.String(length=64), nullable=True),
        sa.Column("payload", _json(), nullable=False),
        sa.Column("erase", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("put_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("redrawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("leased_by", sa.Text(), nullable=True),
        sa.Column("first_leased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.CheckConstraint("(status = 'leased') = (lease_until IS NOT NULL)", name=op.f("ck_outbox_lease_ends")),
        sa.CheckConstraint("status IN ('waiting', 'leased')", name=op.f("ck_outbox_status")),
        sa.ForeignKeyConstraint(["handoff_id"], ["handoffs.id"], name=op.f("fk_outbox_handoff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sqlite_autoincrement=True,
    )
    _partial("ix_outbox_due", "outbox", ["not_before", "id"], "status = 'waiting'")
    _partial("ix_outbox_handoff", "outbox", ["handoff_id"], "status = 'waiting'")
    _partial(
        "uq_outbox_in_flight", "outbox", ["handoff_id"], "status = 'leased' AND handoff_id IS NOT NULL", unique=True
    )
    _partial("uq_outbox_leased", "outbox", ["workspace", "key"], "status = 'leased'", unique=True)
    _partial("uq_outbox_waiting", "outbox", ["workspace", "key"], "status = 'waiting'", unique=True)
    op.create_table(
        "timers",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("workspace", sa.String(length=64), nullable=False),
        sa.Column("handoff_id", sa.String(length=64), nullable=False),
        sa.Column("clock", sa.String(length=16), nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("policy", sa.Text(), nullable=False),
        sa.Column("policy_version", sa.Integer(), nullable=False),
        sa.Column("calendar", sa.Text(), nullable=True),
        sa.Column("target_s", sa.Integer(), nullable=False),
        sa.Column("consumed_s", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("running_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deadline_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_level", sa.Text(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fired", _json(), nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("met", sa.Boolean(), nullable=True),
        sa.Column("wall", sa.Boolean(), nullable=False),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paused_s", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("quiet_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "clock IN ('claim', 'first_action', 'update', 'finish', 'respond', 'needed_by', 'snooze', 'check')",
            name=op.f("ck_timers_clock"),
        ),
        sa.CheckConstraint("due_at IS NULL OR running_since IS NOT NULL", name=op.f("ck_timers_paused_is_not_due")),
        sa.CheckConstraint("due_at IS NULL OR stopped_at IS NULL", name=op.f("ck_timers_stopped_is_not_due")),
        sa.ForeignKeyConstraint(["handoff_id"], ["handoffs.id"], name=op.f("fk_timers_handoff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_timers")),
        sa.UniqueConstraint("handoff_id", "clock", "run", name=op.f("uq_timers_handoff_id_clock_run")),
    )
    _partial("ix_timers_due", "timers", ["due_at"], "due_at IS NOT NULL")
    _partial("ix_timers_missed", "timers", ["workspace", "deadline_at"], "NOT met")
    _partial("uq_timers_running", "timers", ["handoff_id", "clock"], "stopped_at IS NULL", unique=True)
    op.create_table(
        "verdicts",
        sa.Column("id", _counting(), autoincrement=True, nullable=False),
        sa.Column("workspace", sa.String(length=64), nullable=False),
        sa.Column("handoff_id", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("queue", sa.Text(), nullable=False),
        sa.Column("template", sa.Text(), nullable=True),
        sa.Column("template_version", sa.Integer(), nullable=True),
        sa.Column("sender", sa.String(length=64), nullable=False),
        sa.Column("judge", sa.String(length=64), nullable=False),
        sa.Column("verdict", sa.String(length=16), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.CheckConstraint("verdict IN ('complete', 'asked', 'restarted')", name=op.f("ck_verdicts_verdict")),
        sa.ForeignKeyConstraint(["handoff_id"], ["handoffs.id"], name=op.f("fk_verdicts_handoff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verdicts")),
    )
    op.create_index("ix_verdicts_at", "verdicts", ["workspace", "at"])
    op.create_index("ix_verdicts_handoff", "verdicts", ["handoff_id"])
    op.create_table(
        "audit",
        sa.Column("id", _counting(), autoincrement=True, nullable=False),
        sa.Column("workspace", sa.String(length=64), nullable=False),
        sa.Column("handoff_id", sa.String(length=64), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verb", sa.String(length=32), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("state_before", sa.String(length=16), nullable=True),
        sa.Column("state_after", sa.String(length=16), nullable=True),
        sa.Column("owner", sa.String(length=64), nullable=True),
        sa.Column("accountable", sa.Text(), nullable=True),
        sa.Column("queue", sa.Text(), nullable=True),
        sa.Column("note_id", sa.String(length=64), nullable=True),
        sa.Column("facts", _json(), nullable=False),
        sa.CheckConstraint(
            "state_after IN ('open', 'claimed', 'returned', 'done', 'cancelled', 'deleted')",
            name=op.f("ck_audit_after"),
        ),
        sa.CheckConstraint(
            "state_before IN ('open', 'claimed', 'returned', 'done', 'cancelled', 'deleted')",
            name=op.f("ck_audit_before"),
        ),
        sa.ForeignKeyConstraint(["handoff_id"], ["handoffs.id"], name=op.f("fk_audit_handoff_id")),
        sa.ForeignKeyConstraint(["note_id"], ["notes.id"], name=op.f("fk_audit_note_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_audit_handoff", "audit", ["handoff_id", "id"])
    for statement in _APPEND_ONLY[op.get_context().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    """Remove everything."""
    for table in _TABLES:
        op.drop_table(table)
    if op.get_context().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_is_append_only()")


def _partial(name: str, table: str, columns: list[str], where: str, *, unique: bool = False) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=condition, postgresql_where=condition)


def _json() -> Any:
    return sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def _counting() -> Any:
    return sa.BigInteger().with_variant(sa.Integer, "sqlite")


_TABLES = (
    "audit",
    "verdicts",
    "timers",
    "outbox",
    "notices",
    "notes",
    "messages",
    "workspaces",
    "webhooks",
    "user_groups",
    "templates",
    "template_drafts",
    "receipts",
    "queues",
    "policies",
    "people",
    "pacing",
    "handoffs",
    "drafts",
    "counters",
    "channels",
    "calendars",
)

_APPEND_ONLY = {
    "sqlite": (
        "CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit"
        " BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END",
        "CREATE TRIGGER audit_is_never_deleted BEFORE DELETE ON audit"
        " BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END",
    ),
    "postgresql": (
        "CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'the audit is append-only'; END $$",
        "CREATE TRIGGER audit_is_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON audit"
        " FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only()",
    ),
}
