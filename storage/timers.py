"""Clocks of handoffs as stored, and which of them are due.

What is due is found through an index that holds running clocks only; nothing is scheduled per handoff.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, func, select, text

from storage.database import Tx
from storage.records import Clock, Timer
from storage.schema import handoffs, timers
from storage.upserts import upsert

_COLUMNS: Final = tuple(field.name for field in fields(Timer))
_KEPT: Final = frozenset({"id", "workspace", "handoff_id", "clock", "run", "started_at"})
_t: Final = timers.c
_ARMED: Final = text("timers.due_at IS NOT NULL")

_PUT: Final = upsert(timers, ["id"], [name for name in _COLUMNS if name not in _KEPT])
_OF: Final = select(timers).where(_t.handoff_id == bindparam("handoff_id")).order_by(_t.started_at, _t.clock, _t.run)
_RUNNING: Final = _OF.where(text("stopped_at IS NULL"))
_DUE: Final = (
    select(_t.workspace, _t.handoff_id)
    .join(handoffs, handoffs.c.id == _t.handoff_id)
    .where(_ARMED, _t.due_at <= bindparam("now"))
    .order_by(_t.due_at, _t.id)
    .limit(bindparam("limit"))
    .with_for_update(of=handoffs, skip_locked=True)
)
_NEXT: Final = select(func.min(_t.due_at)).where(_ARMED)
_FACTS: Final = select(func.count(), func.min(_t.due_at)).where(_ARMED)


def put(tx: Tx, timer: Timer) -> None:
    """Store a timer, or what became of it."""
    row: dict[str, Any] = {name: getattr(timer, name) for name in _COLUMNS}
    row["fired"] = list(timer.fired)
    tx.execute(_PUT[tx.dialect], row)


def running(tx: Tx, handoff_id: str) -> list[Timer]:
    """The clocks of a handoff that have not stopped, paused ones too."""
    return [_record(row) for row in tx.execute(_RUNNING, {"handoff_id": handoff_id}).mappings()]


def of(tx: Tx, handoff_id: str) -> list[Timer]:
    """Every run of every clock of a handoff, in the order in which they started."""
    return [_record(row) for row in tx.execute(_OF, {"handoff_id": handoff_id}).mappings()]


def due(tx: Tx, now: datetime, limit: int) -> list[tuple[str, str]]:
    """Take handoffs with a due clock, most overdue first: (workspace, handoff id), each once.

    On PostgreSQL they are locked, and those that somebody else holds are left out; read their timers only afterwards.
    At most `limit` due clocks are looked at.
    """
    rows = tx.execute(_DUE, {"now": now, "limit": limit})
    return list(dict.fromkeys((row.workspace, row.handoff_id) for row in rows))


def next_due(tx: Tx) -> datetime | None:
    """The earliest instant at which a clock is due, maybe already past."""
    return tx.execute(_NEXT).scalar_one_or_none()


def facts(tx: Tx, now: datetime) -> tuple[int, datetime | None]:
    """How many clocks are armed, and since when the most overdue one has been due."""
    armed, earliest = tx.execute(_FACTS).one()
    return armed, earliest if earliest is not None and earliest <= now else None


def _record(row: Mapping[Any, Any]) -> Timer:
    return Timer(**{**row, "clock": Clock(row["clock"]), "fired": tuple(row["fired"])})
