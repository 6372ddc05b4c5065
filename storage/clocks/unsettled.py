"""Notices that are not settled: held, about to be sent, or skipped because of their recipient.

They are decided anew when a fact changes. Only those of clocks that have not stopped count: a reminder of another is
dropped when its turn comes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import and_, bindparam, func, or_, select, text, tuple_

from storage.clocks.model import ClockKind, Notice, Timer
from storage.clocks.notices import COLUMNS, read_notice
from storage.clocks.tables import UNSETTLED, notices, timers
from storage.clocks.timers import read_timer
from storage.db import bulk
from storage.db.database import Tx
from storage.handoffs.tables import handoffs

_n: Final = notices.c
_t: Final = timers.c
_h: Final = handoffs.c
_NONE: Final = ""
_its_clock: Final = and_(
    _t.handoff_id == _n.handoff_id, _t.clock == _n.clock, _t.run == _n.run, text("timers.stopped_at IS NULL")
)
_waiting: Final = (
    select(_n.handoff_id)
    .select_from(notices.join(timers, _its_clock).join(handoffs, _h.id == _n.handoff_id))
    .where(_n.workspace == bindparam("in_workspace"), text(UNSETTLED))
    .distinct()
)
_OF_RECIPIENTS: Final = {
    name: _waiting.where(these) for name, these in bulk.one_of_parameter(_n.recipient, "recipients").items()
}
_OF_LEVELS: Final = _waiting.where(
    or_(
        _h.queue.in_(bindparam("queues", expanding=True)),
        tuple_(_t.policy, _t.policy_version).in_(bindparam("policies", expanding=True)),
    )
)
_NOTICE: Final = len(COLUMNS) + 1
_OF_HANDOFFS: Final = {
    name: select(_n.id, *(notices.c[column] for column in COLUMNS), *timers.c)
    .select_from(notices.join(timers, _its_clock))
    .where(these)
    .order_by(_n.id)
    for name, these in bulk.one_of_parameter(_n.handoff_id).items()
}
_DUE_OF: Final = (
    select(_n.message, _n.handoff_id, _n.clock, _n.level)
    .where(
        _n.workspace == bindparam("in_workspace"),
        text(UNSETTLED),
        _n.recipient == bindparam("of_recipient"),
        text("message IS NOT NULL"),
        _n.hear_at <= bindparam("now", type_=_n.hear_at.type),
    )
    .order_by(_n.hear_at, _n.id)
)
_DUE: Final = {
    name: select(_n.message, func.min(_n.hear_at).label("at"))
    .where(_n.workspace == bindparam("in_workspace"), text("message IS NOT NULL"), these, text("heard_at IS NULL"))
    .group_by(_n.message)
    for name, these in bulk.one_of_parameter(_n.message, "keys").items()
}


@dataclass(frozen=True, kw_only=True)
class StoredNotice:
    """A notice with its row id and the clock that it is about."""

    id: int
    notice: Notice
    timer: Timer


@dataclass(frozen=True, kw_only=True)
class DueReminder:
    """A reminder that may be sent now: the outbox key of its message, and what it is about."""

    message: str
    handoff_id: str
    clock: ClockKind
    level: str


def list_handoffs_of_recipients(tx: Tx, workspace: str, recipients: Collection[str]) -> list[str]:
    """Return the ids of the handoffs with unsettled notices to these recipients."""
    wanted = {"in_workspace": workspace, "recipients": sorted(set(recipients))}
    return list(tx.execute(_OF_RECIPIENTS[tx.dialect], wanted).scalars()) if recipients else []


def list_due_for(tx: Tx, workspace: str, recipient: str, now: datetime) -> list[DueReminder]:
    """Return what a person is to be reminded of now and has not been, in the order in which it was due."""
    rows = tx.execute(_DUE_OF, {"in_workspace": workspace, "of_recipient": recipient, "now": now})
    return [
        DueReminder(message=row.message, handoff_id=row.handoff_id, clock=ClockKind(row.clock), level=row.level)
        for row in rows
    ]


def list_handoffs_of_levels(
    tx: Tx, workspace: str, *, queues: Iterable[str] = (), policies: Iterable[tuple[str, int]] = ()
) -> list[str]:
    """Return the ids of handoffs with unsettled notices that are in these queues or run by these policy versions."""
    wanted = {
        "in_workspace": workspace,
        "queues": sorted(set(queues)) or [_NONE],
        "policies": sorted(set(policies)) or [(_NONE, 0)],
    }
    return list(tx.execute(_OF_LEVELS, wanted).scalars())


def list_for_handoffs(tx: Tx, handoff_ids: Collection[str]) -> list[StoredNotice]:
    """Return every notice, settled ones too, about the clocks of these handoffs that have not stopped, oldest first."""
    if not handoff_ids:
        return []
    rows = tx.execute(_OF_HANDOFFS[tx.dialect], {"ids": sorted(set(handoff_ids))})
    return [_stored(tuple(row)) for row in rows]


def earliest_by_message(tx: Tx, workspace: str, keys: Collection[str]) -> dict[str, datetime]:
    """Return the earliest instant at which an unheard notice of each message may be heard; others are left out."""
    if not keys:
        return {}
    rows = tx.execute(_DUE[tx.dialect], {"in_workspace": workspace, "keys": sorted(set(keys))})
    return {row.message: row.at for row in rows}


def _stored(row: tuple[Any, ...]) -> StoredNotice:
    values = dict(zip(COLUMNS, row[1:_NOTICE], strict=True))
    return StoredNotice(id=row[0], notice=read_notice(values), timer=read_timer(row[_NOTICE:]))
