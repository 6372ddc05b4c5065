"""Hourly sweep of all clocks: every violation of `clocks.rules.invariants` is repaired and reported.

1. Read a page of live handoffs, and every clock that has not stopped in the same range of ids, without locks.
2. Lock, read and check again each handoff with a violation: one that was just being changed is in order by then.
3. Store the repaired clock, with an audit entry for each violation that is left.

The cost follows the number of open handoffs, as nothing else in Baton does. So the sweep runs once an hour in one of
all processes, a page at a time in a thread that no person waits for, and writes only repairs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

import structlog

from slackapp.clocks.queries import CONFIGURED, terms, terms_of
from slackapp.clocks.rules import invariants
from slackapp.clocks.rules.apply_changes import Terms
from slackapp.clocks.rules.invariants import BrokenInvariant, ClockFacts, FaultKind
from slackapp.escalation.actions.effects import redraw_everything
from slackapp.handoffs.rules import change_messages
from slackapp.runtime.baton import Baton
from slackapp.slack import ids
from storage.clocks import timers
from storage.clocks.model import ClockKind, Timer
from storage.company import queues
from storage.db.database import Tx
from storage.handoffs import audit, handoffs
from storage.handoffs.lifecycle import BATON
from storage.handoffs.model import Handoff
from storage.outbox import outbox, pacing

PAGE: Final = 500
"""Handoffs per transaction."""
_TURN: Final = "soundness"
_TURN_LASTS: Final = timedelta(minutes=55)
"""Less than the hour between two sweeps of one process, so that its own last turn is surely over."""
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class SweepReport:
    """Result of a sweep: the number of handoffs examined, and of violations by kind and clock."""

    handoffs: int = 0
    faults: Mapping[tuple[FaultKind, ClockKind], int] = field(default_factory=dict)


def sweep_in_turn(baton: Baton) -> SweepReport | None:
    """Sweep unless another process did so within the hour; then return None."""
    now = baton.clock.now()

    def take(tx: Tx) -> bool:
        baton.db.lock(tx, _TURN)
        if pacing.get_blocked_until(tx, [_TURN]).get(_TURN, now) > now:
            return False
        pacing.block(tx, _TURN, now + _TURN_LASTS)
        return True

    return sweep(baton) if baton.db.run_transaction(take) else None


def sweep(baton: Baton, *, page_of: int = PAGE) -> SweepReport:
    """Examine every live handoff, `page_of` in a transaction, and repair what violates an invariant."""
    now = baton.clock.now()
    looked, found = 0, Counter[tuple[FaultKind, ClockKind]]()
    for page in _pages(baton, page_of):
        looked += page.looked
        for one in page.wrong:
            repaired = baton.db.run_transaction(lambda tx, one=one: _repair(tx, one, now))  # type: ignore[misc]  # bound at once
            found.update((fault.kind, fault.clock) for fault in repaired)
    if found:
        baton.wake_tick()
        baton.wake_pump()
    return SweepReport(handoffs=looked, faults=dict(found))


def examine(baton: Baton, most: int) -> SweepReport:
    """Examine about `most` handoffs without repairing anything."""
    looked, found = 0, Counter[tuple[FaultKind, ClockKind]]()
    for page in _pages(baton, PAGE):
        looked += page.looked
        found.update((fault.kind, fault.clock) for faults in page.wrong.values() for fault in faults)
        if looked >= most:
            break
    return SweepReport(handoffs=looked, faults=dict(found))


@dataclass(frozen=True, kw_only=True)
class _Page:
    looked: int
    wrong: Mapping[str, Sequence[BrokenInvariant]]
    """Violations by handoff id."""
    last_id: str | None
    """None for the last page."""


def _pages(baton: Baton, page_of: int) -> Iterator[_Page]:
    last_id: str | None = ""
    cache = _SweepCache()
    while last_id is not None:
        with baton.db.reading() as tx:
            page = _page(tx, cache, baton.clock.now(), last_id, page_of)
        yield page
        last_id = page.last_id


def _page(tx: Tx, cache: _SweepCache, now: datetime, last_id: str, page_of: int) -> _Page:
    live = handoffs.list_live_after(tx, last_id, page_of)
    until = live[-1].id if len(live) == page_of else None
    running: dict[str, list[Timer]] = {}
    for timer in timers.list_live_between(tx, last_id, until):
        running.setdefault(timer.handoff_id, []).append(timer)
    finished = handoffs.get_many(tx, running.keys() - {handoff.id for handoff in live}).values()
    begun = timers.get_clocks_started(tx, [handoff.id for handoff in live])
    wrong = {
        handoff.id: found
        for handoff in (*live, *finished)
        if (found := cache.faults(tx, handoff, running.get(handoff.id, ()), begun.get(handoff.id, set()), now))
    }
    return _Page(looked=len(live), wrong=wrong, last_id=until)


def _repair(tx: Tx, handoff_id: str, now: datetime) -> list[BrokenInvariant]:
    """Lock a handoff, check it again and store its repaired timers; return the violations found."""
    handoffs.lock(tx, [handoff_id])
    handoff = handoffs.get_many(tx, [handoff_id])[handoff_id]
    begun = timers.get_clocks_started(tx, [handoff_id]).get(handoff_id, set())
    found = _SweepCache().faults(tx, handoff, timers.list_live_for_handoff(tx, handoff_id), begun, now)
    if not found:
        return []
    repaired = replace(handoff, version=handoff.version + 1)  # the run of a repaired clock
    handoffs.save(tx, handoff, repaired)
    for fault in found:
        timers.put(tx, fault.repaired)
        _report(tx, repaired, fault, now)
    queue = queues.get(tx, handoff.workspace, handoff.queue)
    if queue is not None and not handoff.final:
        outbox.put(tx, [change_messages.card(repaired, queue)], now)
        redraw_everything(tx, repaired.workspace, [repaired.id], now)
    return found


def _report(tx: Tx, handoff: Handoff, fault: BrokenInvariant, now: datetime) -> None:
    _log.error("a timer was repaired", handoff=handoff.id, clock=fault.clock, fault=fault.kind)
    audit.add(
        tx,
        handoff=handoff,
        workspace=handoff.workspace,
        at=now,
        verb="repaired",
        actor=BATON,
        before=handoff.state,
        after=handoff.state,
        facts={"kind": "clock", "clock": fault.clock, "reason": fault.kind},
    )


class _SweepCache:
    """Terms and dates read once per sweep. Short-lived: what looks wrong is read afresh."""

    def __init__(self) -> None:
        self._of_queue: dict[tuple[str, str], Terms] = {}
        self._of_clock: dict[tuple[str, str, int, str | None], Terms] = {}
        self._since: dict[str, datetime | None] = {}

    def faults(
        self, tx: Tx, handoff: Handoff, live: Sequence[Timer], begun: set[ClockKind], now: datetime
    ) -> list[BrokenInvariant]:
        """Return the violations of a handoff's clocks."""
        known = ClockFacts(
            terms=self._queue_terms(tx, handoff),
            terms_since=self._terms_since(tx, handoff),
            begun=frozenset(begun),
        )
        return invariants.find_faults(
            handoff, [(timer, self._own(tx, timer)) for timer in live], known, now, ids.new_id
        )

    def _queue_terms(self, tx: Tx, handoff: Handoff) -> Terms:
        key = (handoff.workspace, handoff.queue)
        if key not in self._of_queue:
            queue = queues.get(tx, *key)
            self._of_queue[key] = terms(tx, queue) if queue else Terms()
        return self._of_queue[key]

    def _own(self, tx: Tx, timer: Timer) -> Terms:
        key = (timer.workspace, timer.policy, timer.policy_version, timer.calendar)
        if key not in self._of_clock:
            self._of_clock[key] = terms_of(tx, timer)
        return self._of_clock[key]

    def _terms_since(self, tx: Tx, handoff: Handoff) -> datetime | None:
        if handoff.workspace not in self._since:
            self._since[handoff.workspace] = audit.last_at(tx, handoff.workspace, CONFIGURED)
        return self._since[handoff.workspace]
