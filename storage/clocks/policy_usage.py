"""Which policy versions the clocks of open handoffs run under, and which handoffs have outdated ones."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import and_, bindparam, exists, func, or_, select, text, tuple_

from storage.clocks import policy_json
from storage.clocks.model import Calendar, ClockKind, Policy, Timer
from storage.clocks.tables import calendars, policies, timers
from storage.clocks.timers import TIMER_COLUMNS, read_timer
from storage.db.database import Tx
from storage.handoffs.tables import LIVE, handoffs

_h: Final = handoffs.c
_t: Final = timers.c
_NONE: Final = ""


@dataclass(frozen=True, kw_only=True)
class PolicyUse:
    """A policy version that clocks of a queue's handoffs run under; `policy` is empty where there is none."""

    queue: str
    policy: str = _NONE
    version: int = 0


@dataclass(frozen=True, kw_only=True)
class OutdatedTerms:
    """Search terms for open handoffs whose clocks do not match their queue's policy.

    These are handoffs with a clock under one of `uses`, and handoffs in one of `needed_by_queues` with a future
    `needed_by` but without the clock for it, because they were opened before their queue had a policy.
    """

    uses: frozenset[PolicyUse] = frozenset()
    needed_by_queues: frozenset[str] = frozenset()
    now: datetime


_USE: Final = (_h.queue, _t.policy, _t.policy_version)
_RUNS: Final = and_(_t.stopped_at.is_(None), _t.policy != _NONE)
_USES: Final = (
    select(*_USE).join(handoffs, _h.id == _t.handoff_id).where(_t.workspace == bindparam("workspace"), _RUNS).distinct()
)
_OUTDATED: Final = exists().where(_t.handoff_id == _h.id, _RUNS, tuple_(*_USE).in_(bindparam("uses", expanding=True)))
_UNPROMISED: Final = and_(
    _h.needed_by > bindparam("now"),
    _h.queue.in_(bindparam("needed_by_queues", expanding=True)),
    ~exists().where(_t.handoff_id == _h.id, _t.clock == ClockKind.NEEDED_BY.value, _t.stopped_at.is_(None)),
)
_MATCHES: Final = (_h.workspace == bindparam("workspace"), text(LIVE), or_(_OUTDATED, _UNPROMISED))
_IDS: Final = select(_h.id).where(*_MATCHES, _h.id > bindparam("after")).order_by(_h.id).limit(bindparam("limit"))
_COUNT: Final = select(func.count()).select_from(handoffs).where(*_MATCHES)
_p: Final = policies.c
_c: Final = calendars.c
_RUNNING: Final = (
    select(timers, _p.content, _c.content.label("hours"))
    .outerjoin(policies, and_(_p.workspace == _t.workspace, _p.key == _t.policy, _p.version == _t.policy_version))
    .outerjoin(calendars, and_(_c.workspace == _t.workspace, _c.key == _t.calendar))
    .where(_t.handoff_id == bindparam("handoff_id"), text("timers.stopped_at IS NULL"))
    .order_by(_t.started_at, _t.clock, _t.run)
)


def list_live_with_terms(
    tx: Tx, handoff_id: str, known: Policy | None = None
) -> list[tuple[Timer, Policy | None, Calendar | None]]:
    """Return the live clocks of a handoff, each with its policy version and calendar.

    `known` is a policy that the caller has already: it is not parsed from its JSON again.
    """
    found = {(known.key, known.version): known} if known else {}
    hours: dict[str, Calendar] = {}
    running = []
    for row in tx.execute(_RUNNING, {"handoff_id": handoff_id}):
        timer = read_timer(row[: len(TIMER_COLUMNS)])
        version = (timer.policy, timer.policy_version)
        if row.content is not None and version not in found:
            found[version] = policy_json.policy_from_json(timer.workspace, *version, row.content)
        if row.hours is not None and timer.calendar is not None and timer.calendar not in hours:
            hours[timer.calendar] = policy_json.calendar_from_json(timer.workspace, timer.calendar, row.hours)
        running.append(
            (timer, found.get(version) if row.content is not None else None, hours.get(timer.calendar or ""))
        )
    return running


def list_uses(tx: Tx, workspace: str) -> frozenset[PolicyUse]:
    """Return every policy version that live clocks run under. Baton's own clocks have none."""
    rows = tx.execute(_USES, {"workspace": workspace})
    return frozenset(PolicyUse(queue=row[0], policy=row[1], version=row[2]) for row in rows)


def count_outdated(tx: Tx, workspace: str, terms: OutdatedTerms) -> int:
    """Return how many open handoffs match."""
    return int(tx.execute(_COUNT, _parameters(workspace, terms)).scalar_one())


def list_outdated_ids(tx: Tx, workspace: str, terms: OutdatedTerms, after: str, limit: int) -> list[str]:
    """Return the ids of the next `limit` handoffs that match, in order, after the id `after`."""
    rows = tx.execute(_IDS, {**_parameters(workspace, terms), "after": after, "limit": limit})
    return list(rows.scalars())


def _parameters(workspace: str, terms: OutdatedTerms) -> dict[str, Any]:
    """Return the bound parameters. An empty list has no type on PostgreSQL, so a name that nothing has stands in."""
    uses = terms.uses or {PolicyUse(queue=_NONE)}
    return {
        "workspace": workspace,
        "uses": _tuples(uses),
        "needed_by_queues": sorted(terms.needed_by_queues) or [_NONE],
        "now": terms.now,
    }


def _tuples(uses: Iterable[PolicyUse]) -> list[tuple[str, str, int]]:
    return [(use.queue, use.policy, use.version) for use in uses]
