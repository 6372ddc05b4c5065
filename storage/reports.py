"""Counts and lists across a whole workspace. For rare acts such as a new configuration, not for every click."""

from __future__ import annotations

from typing import Final

from sqlalchemy import bindparam, func, select, text

from storage.database import Tx
from storage.records import Clock, Timer
from storage.schema import LIVE, handoffs, people, timers

_h: Final = handoffs.c
_p: Final = people.c
_t: Final = timers.c

_LIVE: Final = (
    select(_h.queue, func.count()).where(_h.workspace == bindparam("workspace"), text(LIVE)).group_by(_h.queue)
)
_MANAGERS: Final = (
    select(_p.id, _p.manager).where(_p.workspace == bindparam("workspace"), _p.manager.is_not(None)).order_by(_p.id)
)
_CLOCKS: Final = (
    select(timers)
    .where(_t.workspace == bindparam("workspace"), _t.calendar == bindparam("calendar"), _t.stopped_at.is_(None))
    .order_by(_t.handoff_id, _t.id)
)


def live_by_queue(tx: Tx, workspace: str) -> dict[str, int]:
    """How many handoffs are not finished, by the queue's key. Queues without any are left out."""
    return {row[0]: row[1] for row in tx.execute(_LIVE, {"workspace": workspace})}


def managers(tx: Tx, workspace: str) -> dict[str, str]:
    """Who reports to whom: person → manager."""
    return {row[0]: row[1] for row in tx.execute(_MANAGERS, {"workspace": workspace})}


def clocks_by(tx: Tx, workspace: str, calendar: str) -> list[Timer]:
    """The clocks that have not stopped and go by a calendar, paused ones too."""
    rows = tx.execute(_CLOCKS, {"workspace": workspace, "calendar": calendar}).mappings()
    return [Timer(**{**row, "clock": Clock(row["clock"]), "fired": tuple(row["fired"])}) for row in rows]
