"""All six clocks, snoozes, notices of who was told what, presence, working hours of people, webhooks, morning digests.

A migration is history: it names its types and rules itself and imports nothing that may change later.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_MEASURED = "'claim', 'first_action', 'update', 'finish', 'respond', 'needed_by'"
_RESTS = "CONSTRAINT ck_handoffs_rests_while_claimed CHECK (snoozed_until IS NULL OR state = 'claimed')"


def upgrade() -> None:
    """Add columns and tables; let `timers` know two more clocks."""
    op.add_column("handoffs", sa.Column("template", sa.Text(), nullable=True))
    # As text, because SQLite adds a constraint only together with its column.
    op.execute(f"ALTER TABLE handoffs ADD COLUMN snoozed_until {_instant()} {_RESTS}")
    for column in (
        sa.Column("calendar", sa.Text(), nullable=True),
        sa.Column("dnd_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dnd_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("away_until", sa.DateTime(timezone=True), nullable=True),
    ):
        op.add_column("people", column)
    op.add_column("workspaces", sa.Column("calendar", sa.Text(), nullable=True))
    op.add_column("queues", sa.Column("digest", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column("queues", sa.Column("digest_at", sa.DateTime(timezone=True), nullable=True))
    _partial("ix_queues_digest", "queues", ["digest_at"], "digest_at IS NOT NULL")
    if op.get_bind().dialect.name == "sqlite":
        _rebuild_timers(f"{_MEASURED}, 'snooze', 'check'", _NEW_COLUMNS)
    else:
        for column in _new_columns():
            op.add_column("timers", column)
        _allow(f"{_MEASURED}, 'snooze', 'check'")
    _partial("ix_timers_missed", "timers", ["workspace", "deadline_at"], "NOT met")
    _partial("ix_handoffs_in_queue", "handoffs", ["workspace", "queue"], "state IN ('open', 'claimed', 'returned')")
    _create_notices()
    op.create_table(
        "webhooks",
        sa.Column("workspace", sa.String(length=64), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "key", name=op.f("pk_webhooks")),
    )


def downgrade() -> None:
    """Take it all away again; snoozes and open questions end without an answer."""
    op.drop_table("webhooks")
    op.drop_table("notices")
    op.drop_index("ix_handoffs_in_queue", "handoffs")
    op.drop_index("ix_timers_missed", "timers")
    op.execute("DELETE FROM timers WHERE clock IN ('snooze', 'check')")
    if op.get_bind().dialect.name == "sqlite":
        _rebuild_timers(_MEASURED, ())
    else:
        _allow(_MEASURED)
        for name in _NEW_COLUMNS:
            op.drop_column("timers", name)
    op.drop_index("ix_queues_digest", "queues")
    for table, names in {
        "queues": ("digest_at", "digest"),
        "workspaces": ("calendar",),
        "people": ("away_until", "dnd_until", "dnd_from", "calendar"),
        "handoffs": ("snoozed_until", "template"),
    }.items():
        for name in names:
            op.execute(f"ALTER TABLE {table} DROP COLUMN {name}")


_NEW_COLUMNS = ("paused_at", "paused_s", "quiet_until")


def _new_columns() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paused_s", sa.Integer(), nullable=False, server_default=sa.text("0")),
        sa.Column("quiet_until", sa.DateTime(timezone=True), nullable=True),
    )


def _allow(clocks: str) -> None:
    """Let PostgreSQL accept these clocks."""
    op.drop_constraint(op.f("ck_timers_clock"), "timers", type_="check")
    op.create_check_constraint(op.f("ck_timers_clock"), "timers", f"clock IN ({clocks})")


def _rebuild_timers(clocks: str, more: tuple[str, ...]) -> None:
    """Make SQLite's table anew with other rules: it cannot change those of a table that is there."""
    op.drop_index("ix_timers_due", "timers")
    op.drop_index("uq_timers_running", "timers")
    op.rename_table("timers", "timers_before")
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
        *(column for column in _new_columns() if column.name in more),
        sa.CheckConstraint(f"clock IN ({clocks})", name=op.f("ck_timers_clock")),
        sa.CheckConstraint("due_at IS NULL OR running_since IS NOT NULL", name=op.f("ck_timers_paused_is_not_due")),
        sa.CheckConstraint("due_at IS NULL OR stopped_at IS NULL", name=op.f("ck_timers_stopped_is_not_due")),
        sa.ForeignKeyConstraint(["handoff_id"], ["handoffs.id"], name=op.f("fk_timers_handoff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_timers")),
        sa.UniqueConstraint("handoff_id", "clock", "run", name=op.f("uq_timers_handoff_id_clock_run")),
    )
    kept = (
        "id, workspace, handoff_id, clock, run, policy, policy_version, calendar, target_s, consumed_s, started_at,"
        " running_since, deadline_at, next_level, due_at, fired, stopped_at, met, wall"
    )
    op.execute(f"INSERT INTO timers ({kept}) SELECT {kept} FROM timers_before")  # noqa: S608 - our own names
    op.drop_table("timers_before")
    _partial("ix_timers_due", "timers", ["due_at"], "due_at IS NOT NULL")
    _partial("uq_timers_running", "timers", ["handoff_id", "clock"], "stopped_at IS NULL", unique=True)


def _create_notices() -> None:
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


def _partial(name: str, table: str, columns: list[str], where: str, *, unique: bool = False) -> None:
    op.create_index(
        name, table, columns, unique=unique, sqlite_where=sa.text(where), postgresql_where=sa.text(where)
    )


def _instant() -> str:
    return "DATETIME" if op.get_bind().dialect.name == "sqlite" else "TIMESTAMP WITH TIME ZONE"


def _json() -> Any:
    return sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def _counting() -> Any:
    return sa.BigInteger().with_variant(sa.Integer, "sqlite")
