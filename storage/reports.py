"""Counts and lists across a whole workspace. For rare acts such as a new configuration, not for every click."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import bindparam, func, select, text

from storage.database import Tx
from storage.records import Clock, Timer
from storage.schema import LIVE, handoffs, people, queues, timers, workspaces

_h: Final = handoffs.c
_p: Final = people.c
_q: Final = queues.c
_t: Final = timers.c
_w: Final = workspaces.c

_LIVE: Final = (
    select(_h.queue, func.count()).where(_h.workspace == bindparam("workspace"), text(LIVE)).group_by(_h.queue)
)
_MANAGERS: Final = (
    select(_p.id, _p.manager).where(_p.workspace == bindparam("workspace"), _p.manager.is_not(None)).order_by(_p.id)
)
_OWN_CALENDARS: Final = (
    select(_p.id, _p.calendar).where(_p.workspace == bindparam("workspace"), _p.calendar.is_not(None)).order_by(_p.id)
)
_LIVE_CLOCKS: Final = (
    select(timers).where(_t.workspace == bindparam("workspace"), _t.stopped_at.is_(None)).order_by(_t.handoff_id, _t.id)
)
_CLOCKS: Final = _LIVE_CLOCKS.where(_t.calendar == bindparam("calendar"))
_calendar: Final = func.coalesce(_q.calendar, _w.calendar)
_STRAY: Final = (
    _LIVE_CLOCKS.add_columns(_calendar.label("wanted"))
    .join(handoffs, _h.id == _t.handoff_id)
    .join(queues, (_q.workspace == _h.workspace) & (_q.key == _h.queue))
    .join(workspaces, _w.id == _h.workspace)
    .where(_t.calendar.is_distinct_from(_calendar))
)


def live_by_queue(tx: Tx, workspace: str) -> dict[str, int]:
    """How many handoffs are not finished, by the queue's key. Queues without any are left out."""
    return {row[0]: row[1] for row in tx.execute(_LIVE, {"workspace": workspace})}


def managers(tx: Tx, workspace: str) -> dict[str, str]:
    """Who reports to whom: person → manager."""
    return {row[0]: row[1] for row in tx.execute(_MANAGERS, {"workspace": workspace})}


def own_calendars(tx: Tx, workspace: str) -> dict[str, str]:
    """Who has a calendar of their own: person → the calendar's key."""
    return {row[0]: row[1] for row in tx.execute(_OWN_CALENDARS, {"workspace": workspace})}


def clocks_by(tx: Tx, workspace: str, calendar: str) -> list[Timer]:
    """The clocks that have not stopped and go by a calendar, paused ones too."""
    return [_timer(row) for row in tx.execute(_CLOCKS, {"workspace": workspace, "calendar": calendar}).mappings()]


def stray_clocks(tx: Tx, workspace: str) -> list[tuple[Timer, str | None]]:
    """The clocks that have not stopped and go by another calendar than their queue has now, each with that one's key.

    A queue without a calendar has the workspace's.
    """
    rows = tx.execute(_STRAY, {"workspace": workspace}).mappings()
    return [(_timer({name: row[name] for name in row if name != "wanted"}), row["wanted"]) for row in rows]


def _timer(row: Mapping[Any, Any]) -> Timer:
    return Timer(**{**row, "clock": Clock(row["clock"]), "fired": tuple(row["fired"])})
