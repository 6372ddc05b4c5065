"""Queries for a queue's morning digest: unassigned handoffs, deadlines of today, deadlines missed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, bindparam, func, select, text, union_all

from storage.clocks.model import ClockKind
from storage.clocks.tables import MISSED, timers
from storage.db.database import Tx
from storage.handoffs.tables import LIVE, OPEN, handoffs

CLOCKS: Final = (ClockKind.CLAIM, ClockKind.FINISH, ClockKind.NEEDED_BY)
"""The clocks whose deadlines appear in the digest: those that other people count on."""

_h: Final = handoffs.c
_t: Final = timers.c
_queue: Final = (_h.workspace == bindparam("in_workspace"), _h.queue == bindparam("of_queue"))
_since: Final = bindparam("since", type_=_t.deadline_at.type)
_until: Final = bindparam("until", type_=_t.deadline_at.type)
_others: Final = _h.id.not_in(bindparam("without", expanding=True))
_deadlines: Final = select(_h.id, _t.deadline_at).select_from(handoffs.join(timers, _t.handoff_id == _h.id))
_promised: Final = _t.clock.in_([clock.value for clock in CLOCKS])
_running: Final = _deadlines.where(
    *_queue,
    text(f"handoffs.{LIVE}"),
    _others,
    text("timers.stopped_at IS NULL"),
    _t.running_since.is_not(None),
    _promised,
)
_late: Final = _deadlines.where(
    *_queue, _others, _t.workspace == bindparam("in_workspace"), text(MISSED), _promised
).where(_t.deadline_at >= _since, _t.deadline_at < _until)


def _by_handoff(found: Any) -> Select[Any]:
    """Select each handoff's nearest deadline, nearest first, with the number of all handoffs."""
    one = found.subquery("found")
    at = func.min(one.c.deadline_at)
    return (
        select(one.c.id, at.label("at"), func.count().over().label("in_all"))
        .group_by(one.c.id)
        .order_by(at, one.c.id)
        .limit(bindparam("limit"))
    )


_WAITING: Final = (
    select(_h.id, _h.state_since.label("at"), func.count().over().label("in_all"))
    .where(*_queue, text(OPEN))
    .order_by(_h.state_since, _h.number)
    .limit(bindparam("limit"))
)
_DUE: Final = _by_handoff(_running.where(_t.deadline_at >= _since, _t.deadline_at <= _until))
_MISSED: Final = _by_handoff(union_all(_running.where(_t.deadline_at >= _since, _t.deadline_at < _until), _late))


@dataclass(frozen=True, kw_only=True)
class DigestSection:
    """The first few handoffs of a digest's section, each with its instant, and how many there are in all."""

    first: tuple[tuple[str, datetime], ...] = ()
    in_all: int = 0


def list_waiting(tx: Tx, workspace: str, queue: str, limit: int) -> DigestSection:
    """Return the unassigned handoffs of a queue with since when they wait, longest waiting first."""
    return _found(tx, _WAITING, in_workspace=workspace, of_queue=queue, limit=limit)


def list_due(
    tx: Tx, workspace: str, queue: str, limit: int, *, since: datetime, until: datetime, without: Iterable[str]
) -> DigestSection:
    """Return the unfinished handoffs with a deadline from `since` to `until`, except those in `without`."""
    span = {"since": since, "until": until, "without": list(without)}
    return _found(tx, _DUE, in_workspace=workspace, of_queue=queue, limit=limit, **span)


def list_missed(
    tx: Tx, workspace: str, queue: str, limit: int, *, since: datetime, until: datetime, without: Iterable[str]
) -> DigestSection:
    """Return the handoffs that missed a deadline from `since` to before `until`, whether or not finished by now."""
    span = {"since": since, "until": until, "without": list(without)}
    return _found(tx, _MISSED, in_workspace=workspace, of_queue=queue, limit=limit, **span)


def _found(tx: Tx, statement: Select[Any], **parameters: Any) -> DigestSection:
    rows = tx.execute(statement, parameters).all()
    return DigestSection(first=tuple((row.id, row.at) for row in rows), in_all=rows[0].in_all if rows else 0)
