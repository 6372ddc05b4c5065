"""Timers as stored, and which of them are due.

Due timers are found by an index of armed timers only; nothing is scheduled per handoff.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import datetime
from functools import lru_cache
from operator import attrgetter
from typing import Any, Final

from sqlalchemy import Executable, bindparam, func, literal_column, select, text

from storage.clocks.model import ClockKind, Timer
from storage.clocks.tables import timers
from storage.company.tables import queues, workspaces
from storage.db import bulk
from storage.db.database import Tx
from storage.db.fast_records import construct
from storage.db.upsert import upsert
from storage.handoffs.handoffs import read_handoff
from storage.handoffs.model import Handoff
from storage.handoffs.tables import handoffs

_COLUMNS: Final = tuple(field.name for field in fields(Timer))
TIMER_COLUMNS: Final = tuple(timers.c.keys())
_KEPT: Final = frozenset({"id", "workspace", "handoff_id", "clock", "run", "started_at"})
_t: Final = timers.c
_ARMED: Final = text("timers.due_at IS NOT NULL")

_PUT: Final = upsert(
    timers, ["id"], [name for name in _COLUMNS if name not in _KEPT], inserts=bulk.insert(timers, _COLUMNS)
)
_OF: Final = select(timers).where(_t.handoff_id == bindparam("handoff_id")).order_by(_t.started_at, _t.clock, _t.run)
_RUNNING: Final = _OF.where(text("stopped_at IS NULL"))
_RUNNING_OF: Final = {
    name: select(timers).where(theirs, text("timers.stopped_at IS NULL")).order_by(_t.started_at, _t.clock, _t.run)
    for name, theirs in bulk.one_of_parameter(_t.handoff_id).items()
}
_DUE_OF: Final = {
    name: select(timers)
    .where(theirs, text("timers.stopped_at IS NULL"), _ARMED, _t.due_at <= bindparam("now", type_=_t.due_at.type))
    .order_by(_t.due_at, _t.clock)
    for name, theirs in bulk.one_of_parameter(_t.handoff_id).items()
}
_FIRING: Final = ("deadline_at", "next_level", "due_at", "fired", "quiet_until")
"""The columns that change when a level fires."""
_firing: Final = attrgetter(*_FIRING)
_PUT_FIRED: Final = bulk.update(timers, "id", _FIRING)
_NEXT: Final = select(func.min(_t.due_at)).where(_ARMED)
_LIVE: Final = select(timers).where(text("timers.stopped_at IS NULL"), _t.handoff_id > bindparam("last_id"))
_LIVE_UNTIL: Final = _LIVE.where(_t.handoff_id <= bindparam("until_id"))
_BEGUN: Final = (
    select(_t.handoff_id, _t.clock)
    .join(handoffs, handoffs.c.id == _t.handoff_id)
    .where(_t.handoff_id.in_(bindparam("ids", expanding=True)), _t.started_at >= handoffs.c.state_since)
)
_DUE: Final = (
    select(handoffs)
    .join(timers, _t.handoff_id == handoffs.c.id)
    .where(_ARMED, _t.due_at <= bindparam("now", type_=_t.due_at.type))
    .order_by(_t.due_at)
    .with_for_update(of=handoffs, skip_locked=True)
)
_LIVE_CLOCKS: Final = (
    select(timers).where(_t.workspace == bindparam("workspace"), _t.stopped_at.is_(None)).order_by(_t.handoff_id, _t.id)
)
_BY_CALENDAR: Final = _LIVE_CLOCKS.where(_t.calendar == bindparam("calendar"))
_calendar: Final = func.coalesce(queues.c.calendar, workspaces.c.calendar)
_STRAY: Final = (
    _LIVE_CLOCKS.add_columns(_calendar.label("wanted"))
    .join(handoffs, handoffs.c.id == _t.handoff_id)
    .join(queues, (queues.c.workspace == handoffs.c.workspace) & (queues.c.key == handoffs.c.queue))
    .join(workspaces, workspaces.c.id == handoffs.c.workspace)
    .where(_t.calendar.is_distinct_from(_calendar))
)
_FACTS: Final = select(func.count(), func.min(_t.due_at)).where(_ARMED)


def put(tx: Tx, timer: Timer) -> None:
    """Insert or update a timer."""
    put_many(tx, [timer])


def put_many(tx: Tx, many: Iterable[Timer]) -> None:
    """Insert or update timers, in this order: a clock must be stopped before its next run starts."""
    last = {timer.id: timer for timer in many}
    rows = [{**{name: getattr(one, name) for name in _COLUMNS}, "fired": list(one.fired)} for one in last.values()]
    bulk.execute(tx, _PUT, rows)


def list_live_for_handoff(tx: Tx, handoff_id: str) -> list[Timer]:
    """Return the clocks of a handoff that have not stopped, including paused ones."""
    return [read_timer(row) for row in tx.execute(_RUNNING, {"handoff_id": handoff_id})]


def list_live_for_handoffs(tx: Tx, handoff_ids: Iterable[str]) -> dict[str, list[Timer]]:
    """Return the clocks of these handoffs that have not stopped, by the handoff's id."""
    found: dict[str, list[Timer]] = {}
    for row in tx.execute(_RUNNING_OF[tx.dialect], {"ids": list(handoff_ids)}):
        timer = read_timer(row)
        found.setdefault(timer.handoff_id, []).append(timer)
    return found


def list_for_handoff(tx: Tx, handoff_id: str) -> list[Timer]:
    """Return every run of every clock of a handoff, in the order in which they started."""
    return [read_timer(row) for row in tx.execute(_OF, {"handoff_id": handoff_id})]


def list_due(tx: Tx, handoff_ids: Iterable[str], now: datetime) -> list[Timer]:
    """Return the due clocks of these handoffs, most overdue first."""
    return [read_timer(row) for row in tx.execute(_DUE_OF[tx.dialect], {"ids": list(handoff_ids), "now": now})]


def lock_due_handoffs(tx: Tx, now: datetime, limit: int) -> list[Handoff]:
    """Return handoffs with a due clock, most overdue first, each once; `limit` counts due clocks.

    On PostgreSQL they are locked until the transaction ends, and those that another transaction has locked are skipped;
    read their clocks only afterwards. The limit is a literal in the statement: with a bound value PostgreSQL's generic
    plan may expect to need a tenth of all clocks, and sort them instead of reading the index of due clocks in order.
    """
    return list({row.id: read_handoff(row) for row in tx.execute(_due(limit), {"now": now})}.values())


@lru_cache(maxsize=16)
def _due(limit: int) -> Executable:
    return _DUE.limit(literal_column(str(limit)))


def put_many_fired(tx: Tx, many: Iterable[Timer]) -> None:
    """Update timers whose level has fired: fired levels, next level, deadline."""
    bulk.execute(tx, _PUT_FIRED, [_fired(timer) for timer in many])


def next_due_at(tx: Tx) -> datetime | None:
    """Return the earliest instant at which a clock is due, possibly in the past; None if no clock is armed."""
    return tx.execute(_NEXT).scalar_one_or_none()


def count_armed_and_oldest_due(tx: Tx, now: datetime) -> tuple[int, datetime | None]:
    """Return how many clocks are armed, and since when the most overdue one has been due, or None."""
    armed, earliest = tx.execute(_FACTS).one()
    return armed, earliest if earliest is not None and earliest <= now else None


def _fired(timer: Timer) -> dict[str, Any]:
    return {**dict(zip(_FIRING, _firing(timer), strict=True)), "fired": list(timer.fired), "of_id": timer.id}


def list_live_between(tx: Tx, last_id: str, until_id: str | None) -> list[Timer]:
    """Return the live clocks of handoffs with ids after `last_id` up to `until_id` (None: to the end), by id."""
    statement = _LIVE if until_id is None else _LIVE_UNTIL
    return [read_timer(row) for row in tx.execute(statement, {"last_id": last_id, "until_id": until_id})]


def get_clocks_started(tx: Tx, ids: Iterable[str]) -> dict[str, set[ClockKind]]:
    """Return the kinds of clocks that started since each handoff entered its state, including stopped ones."""
    found: dict[str, set[ClockKind]] = {}
    for row in tx.execute(_BEGUN, {"ids": sorted(set(ids))}):
        found.setdefault(row.handoff_id, set()).add(ClockKind(row.clock))
    return found


def list_live_by_calendar(tx: Tx, workspace: str, calendar: str) -> list[Timer]:
    """Return the live clocks that use a calendar, including paused ones."""
    return [read_timer(row) for row in tx.execute(_BY_CALENDAR, {"workspace": workspace, "calendar": calendar})]


def list_live_by_other_calendar(tx: Tx, workspace: str) -> list[tuple[Timer, str | None]]:
    """Return the live clocks whose calendar differs from their queue's, each with the queue's calendar key.

    A queue without a calendar has the workspace's.
    """
    return [(read_timer(row[:-1]), row.wanted) for row in tx.execute(_STRAY, {"workspace": workspace})]


def read_timer(row: Sequence[Any]) -> Timer:
    """Return a timer from the values of its row, in the order of `TIMER_COLUMNS`."""
    found = dict(zip(TIMER_COLUMNS, row, strict=True))
    found["clock"] = ClockKind(found["clock"])
    found["fired"] = tuple(found["fired"])
    return construct(Timer, found)
