"""Notices as stored: who was notified, or not, of which level of a clock, and why. Rows are never deleted."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import fields, replace
from datetime import datetime
from operator import attrgetter
from typing import Any, Final

from sqlalchemy import Select, and_, bindparam, case, func, literal_column, not_, select, text

from storage.clocks.model import PAUSED, ClockKind, Notice, ReplacedDecision
from storage.clocks.tables import notices, timers
from storage.db import bulk
from storage.db.database import Tx
from storage.outbox.tables import WAITING, outbox

COLUMNS: Final = tuple(field.name for field in fields(Notice))
"""The columns of the `Notice` record."""
KEPT: Final = 4
"""Replaced decisions kept of a notice: the first and the latest."""
_n: Final = notices.c
_here: Final = _n.workspace == bindparam("in_workspace")
_said: Final = text("message IS NOT NULL")
_heard_some_day: Final = text("hear_at IS NOT NULL")
_all: Final = select(*(notices.c[name] for name in COLUMNS))

_UNIQUE: Final = ("handoff_id", "clock", "run", "level", "recipient")
_NEW: Final = (*_UNIQUE, "hear_at", "why", "message", "via", "instead_of")
_values: Final = attrgetter(*_NEW)
_ADD: Final = bulk.insert_new(notices, _UNIQUE, _NEW, shared=["workspace", "put_at"])
_OF: Final = _all.where(_n.handoff_id == bindparam("handoff_id")).order_by(_n.id)
_IN: Final = _all.where(_here, _said, _n.message == bindparam("of_message")).order_by(_n.hear_at, _n.id)
_COUNT_HEARD: Final = {
    name: select(_n.recipient, func.count().label("heard"))
    .where(_here, _heard_some_day, these, _n.hear_at > bindparam("since"), _n.hear_at <= bindparam("until"))
    .group_by(_n.recipient)
    for name, these in bulk.one_of_parameter(_n.recipient, "recipients").items()
}
_MESSAGES: Final = (
    select(_n.message, _n.recipient)
    .where(_n.handoff_id == bindparam("handoff_id"), _said, _n.hear_at <= bindparam("until", type_=_n.hear_at.type))
    .distinct()
    .order_by(_n.message)
)
_IS_TOLD: Final[Select[Any]] = (
    select(literal_column("1"))
    .select_from(notices)
    .join(
        timers,
        and_(timers.c.handoff_id == _n.handoff_id, timers.c.clock == _n.clock, timers.c.run == _n.run),
    )
    .where(
        _n.handoff_id == bindparam("handoff_id"),
        _n.recipient == bindparam("user"),
        _n.heard_at.is_not(None),
        timers.c.stopped_at.is_(None),
    )
    .limit(1)
)
_this: Final = (_here, _said, _n.message == bindparam("of_message"), text("heard_at IS NULL"))
_HEARD: Final = notices.update().where(*_this).values(heard_at=bindparam("at", type_=_n.heard_at.type))
_UNHEARD: Final = select(_n.id, *(notices.c[name] for name in COLUMNS)).where(*_this)
_DECISION: Final = ("hear_at", "why", "message", "via", "instead_of", "replaced")
_DECIDE: Final = bulk.update(notices, "id", _DECISION)
_told_again: Final = (
    select(literal_column("1"))
    .select_from(outbox)
    .where(outbox.c.workspace == _n.workspace, outbox.c.key == _n.message, text(f"outbox.{WAITING}"))
    .exists()
)
_is_paused: Final = (
    select(literal_column("1"))
    .select_from(timers)
    .where(
        timers.c.handoff_id == _n.handoff_id,
        timers.c.clock == _n.clock,
        timers.c.run == _n.run,
        text("timers.stopped_at IS NULL AND timers.running_since IS NULL"),
    )
    .exists()
)
_SKIP: Final = (
    notices.update()
    .where(*_this, not_(_told_again))
    .values(hear_at=None, message=None, why=case((_is_paused, PAUSED), else_=bindparam("because")))
)


def add_many(tx: Tx, many: Iterable[Notice]) -> None:
    """Insert notices of one workspace with equal `put_at`; one that is stored already stays as it is."""
    found = list(many)
    if found:
        shared = {"workspace": found[0].workspace, "put_at": found[0].put_at}
        bulk.execute(tx, _ADD, [dict(zip(_NEW, _values(notice), strict=True)) for notice in found], shared)


def list_for_handoff(tx: Tx, handoff_id: str) -> list[Notice]:
    """Return the notices about a handoff's clocks, oldest first."""
    return [read_notice(row) for row in tx.execute(_OF, {"handoff_id": handoff_id}).mappings()]


def is_told(tx: Tx, handoff_id: str, user: str) -> bool:
    """Return whether Slack has taken a message to this person about a level of a handoff that still stands.

    A level stands until its clock stops or starts anew: when the work is claimed, finished or passed on, whichever the
    clock waits for. A pause does not end it.
    """
    return tx.execute(_IS_TOLD, {"handoff_id": handoff_id, "user": user}).first() is not None


def list_for_message(tx: Tx, workspace: str, message: str) -> list[Notice]:
    """Return the notices that a message carries, in the order in which they may be delivered."""
    return [read_notice(row) for row in tx.execute(_IN, {"in_workspace": workspace, "of_message": message}).mappings()]


def count_heard(
    tx: Tx, workspace: str, recipients: Collection[str], since: datetime, until: datetime
) -> dict[str, int]:
    """Return the number of notices delivered to each recipient after `since` and up to `until`; 0 is left out."""
    if not recipients:
        return {}
    wanted = {"in_workspace": workspace, "recipients": list(recipients), "since": since, "until": until}
    return {row.recipient: row.heard for row in tx.execute(_COUNT_HEARD[tx.dialect], wanted)}


def list_messages_for_handoff(tx: Tx, handoff_id: str, until: datetime) -> list[tuple[str, str]]:
    """Return (key, recipient) of the reminders about a handoff that may be delivered by `until`."""
    rows = tx.execute(_MESSAGES, {"handoff_id": handoff_id, "until": until})
    return [(row.message, row.recipient) for row in rows]


def mark_heard(tx: Tx, workspace: str, message: str, at: datetime) -> None:
    """Set `heard_at` of a message's notices that have none: Slack has accepted the message."""
    tx.execute(_HEARD, {"in_workspace": workspace, "of_message": message, "at": at})


def list_unheard_for_message(tx: Tx, workspace: str, message: str) -> dict[int, Notice]:
    """Return the notices that a message carries and Slack has not accepted yet, by their row id."""
    rows = tx.execute(_UNHEARD, {"in_workspace": workspace, "of_message": message}).mappings()
    return {row["id"]: read_notice(row) for row in rows}


def put_decisions(tx: Tx, decided: Mapping[int, Notice]) -> None:
    """Write what was decided anew of notices, by their row id: when they may be heard, why, and in which message."""
    bulk.execute(tx, _DECIDE, [_decision(row_id, notice) for row_id, notice in sorted(decided.items())])


def decided_anew(before: Notice, after: Notice, now: datetime) -> Notice:
    """Return the notice with what was decided now; the decision before is kept among those replaced."""
    all_before = (*before.replaced, ReplacedDecision(hear_at=before.hear_at, why=before.why, replaced_at=now))
    kept = all_before if len(all_before) <= KEPT else (all_before[0], *all_before[1 - KEPT :])
    decision = {name: getattr(after, name) for name in _DECISION}
    return replace(before, **{**decision, "replaced": kept})


def mark_skipped(tx: Tx, workspace: str, message: str, why: str) -> None:
    """Mark a message's notices as skipped, with the reason: `PAUSED` for those of a clock that goes on later.

    Does nothing if the message waits in the outbox to be drawn again, with what was added meanwhile.
    """
    tx.execute(_SKIP, {"in_workspace": workspace, "of_message": message, "because": why})


def read_notice(row: Mapping[Any, Any]) -> Notice:
    """Return a notice from a row's columns, by name; others are ignored."""
    values = {name: row[name] for name in COLUMNS}
    replaced = tuple(_replaced(one) for one in values["replaced"] or ())
    return Notice(**{**values, "clock": ClockKind(values["clock"]), "replaced": replaced})


def _decision(row_id: int, notice: Notice) -> dict[str, Any]:
    replaced = [
        {
            "hear_at": one.hear_at.isoformat() if one.hear_at else None,
            "why": one.why,
            "replaced_at": one.replaced_at.isoformat(),
        }
        for one in notice.replaced
    ]
    decision = {name: getattr(notice, name) for name in _DECISION}
    return {**decision, "replaced": replaced or None, "of_id": row_id}


def _replaced(stored: Mapping[str, Any]) -> ReplacedDecision:
    hear_at = stored["hear_at"]
    return ReplacedDecision(
        hear_at=datetime.fromisoformat(hear_at) if hear_at else None,
        why=stored["why"],
        replaced_at=datetime.fromisoformat(stored["replaced_at"]),
    )
