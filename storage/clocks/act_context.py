"""One statement that reads all that an act on a handoff depends on: handoff, queue, policy, calendar.

It is one statement because every click on a card needs all of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Table, and_, bindparam, func, select

from storage.clocks import policy_json
from storage.clocks.model import Calendar, Policy
from storage.clocks.tables import calendars, policies
from storage.company.model import Queue
from storage.company.queues import QUEUE_COLUMNS, read_queue
from storage.company.tables import channels, queues, workspaces
from storage.db.database import Tx
from storage.handoffs.handoffs import HANDOFF_COLUMNS, read_handoff
from storage.handoffs.model import Handoff
from storage.handoffs.tables import handoffs

_h: Final = handoffs.c
_q: Final = queues.c
_w: Final = workspaces.c
_c: Final = channels.c
_p: Final = policies.c
_cal: Final = calendars.c
_other: Final = policies.alias("other")
_last: Final = (
    select(func.max(_other.c.version))
    .where(_other.c.workspace == _q.workspace, _other.c.key == _q.policy)
    .correlate(queues)
    .scalar_subquery()
)


def _named(table: Table, names: Iterable[str], prefix: str) -> list[Any]:
    return [table.c[name].label(prefix + name) for name in names]


_HANDOFF: Final = len(HANDOFF_COLUMNS)
_QUEUE: Final = _HANDOFF + len(QUEUE_COLUMNS)
_READ: Final = (
    select(
        *_named(handoffs, HANDOFF_COLUMNS, "h_"),
        *_named(queues, QUEUE_COLUMNS, "q_"),
        _w.admins,
        _w.slack_admins,
        _c.is_private,
        _p.version,
        _p.content,
        _p.removed,
        _cal.key.label("calendar"),
        _cal.content.label("hours"),
    )
    .select_from(handoffs)
    .outerjoin(queues, and_(_q.workspace == _h.workspace, _q.key == _h.queue))
    .outerjoin(workspaces, _w.id == _h.workspace)
    .outerjoin(channels, and_(_c.workspace == _q.workspace, _c.id == _q.channel))
    .outerjoin(policies, and_(_p.workspace == _q.workspace, _p.key == _q.policy, _p.version == _last))
    .outerjoin(calendars, and_(_cal.workspace == _q.workspace, _cal.key == func.coalesce(_q.calendar, _w.calendar)))
    .where(_h.workspace == bindparam("workspace"), _h.id == bindparam("id"))
)


@dataclass(frozen=True, kw_only=True)
class ActContext:
    """A handoff with its queue, policy and calendar: what decisions about an act depend on."""

    handoff: Handoff
    queue: Queue | None
    """None if it was removed from the configuration."""
    admins: tuple[str, ...]
    """Baton's admins in the workspace."""
    slack_admins: bool
    """Whether the admins of the Slack workspace are Baton's too."""
    is_private: bool | None
    """Whether the queue's channel is private; None if the channel is not stored."""
    policy: Policy | None
    """The newest version of the queue's policy; None without one, or if it was removed."""
    calendar: Calendar | None
    """The calendar of the queue's clocks; None is around the clock."""


def get(tx: Tx, workspace: str, handoff_id: str) -> ActContext | None:
    """Return a handoff with all that an act on it depends on, or None if there is no such handoff."""
    row = tx.execute(_READ, {"workspace": workspace, "id": handoff_id}).first()
    if row is None:
        return None
    queue = _queue(row[_HANDOFF:_QUEUE])
    return ActContext(
        handoff=read_handoff(row[:_HANDOFF]),
        queue=queue,
        admins=tuple(row.admins or ()),
        slack_admins=bool(row.slack_admins),
        is_private=row.is_private,
        policy=_policy(queue, row),
        calendar=policy_json.calendar_from_json(workspace, row.calendar, row.hours)
        if row.calendar is not None
        else None,
    )


def _policy(queue: Queue | None, row: Any) -> Policy | None:
    if queue is None or queue.policy is None or row.version is None or row.removed:
        return None
    return policy_json.policy_from_json(queue.workspace, queue.policy, row.version, row.content)


def _queue(values: Sequence[Any]) -> Queue | None:
    found = dict(zip(QUEUE_COLUMNS, values, strict=True))
    return read_queue(found) if found["key"] is not None else None
