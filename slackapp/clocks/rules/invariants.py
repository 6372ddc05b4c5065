"""Invariants of a handoff's clocks, checked from the handoff alone, and the repair of a clock that violates one.

`apply_changes` says what a change does to the clocks. This module says, without knowing any change, which clocks a
handoff may have, must have, and which of them must be paused:

| clock | allowed while | paused while |
|---|---|---|
| claim | open | – |
| first_action, update | claimed | asked, snoozed |
| finish | open, claimed, returned | returned, asked, snoozed |
| respond | returned, asked | – |
| needed_by | not finished | – |
| snooze | snoozed | – |
| check | claimed, neither asked nor snoozed | – |

Asked is claimed work whose owner waits for the sender's answer. A clock that runs is armed for exactly the instant
that its count leads to. What a state always starts must be there: claim while open, first_action (unless it was met),
update (unless asked or snoozed) and finish while claimed, respond while returned or asked, needed_by while its instant
lies ahead, snooze while snoozed; as far as the policy names a target. Whether a question "Still on it?" should wait,
and whether finish should run on in work that was put back, the handoff alone does not tell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from slackapp.clocks.rules import timekeeping
from slackapp.clocks.rules.apply_changes import Terms
from storage.clocks.model import ClockKind, Timer
from storage.handoffs.lifecycle import State
from storage.handoffs.model import Handoff


class FaultKind(StrEnum):
    """Kinds of violation. The value is stored in the audit."""

    OUTLIVED = "clock_outlived"
    """The clock goes on although its handoff is finished."""
    STRAY = "clock_stray"
    """The clock goes on in a state that has no such clock."""
    RUNS_ON = "clock_runs_on"
    """The clock runs although it should be paused."""
    NOT_RUNNING = "clock_stands_still"
    """The clock is paused although it should run."""
    MISARMED = "clock_misarmed"
    """The clock is armed for another instant than its count leads to, or not at all."""
    LOST = "clock_lost"
    """The clock is missing."""


@dataclass(frozen=True, kw_only=True)
class BrokenInvariant:
    """A violation by one clock of a handoff; `repaired` is the timer as it should be stored."""

    kind: FaultKind
    repaired: Timer

    @property
    def clock(self) -> ClockKind:
        """The clock that violates an invariant."""
        return self.repaired.clock


@dataclass(frozen=True, kw_only=True)
class ClockFacts:
    """The facts around a handoff that its invariants depend on.

    `terms` are those that a clock started now would run under; `terms_since` is when they last changed, None if not
    known: a clock that should have started before is not missed, because it may have had no target then. `begun` are
    the clocks that began at least once since the handoff is in its state.
    """

    terms: Terms
    terms_since: datetime | None
    begun: frozenset[ClockKind] = frozenset()


def find_faults(
    handoff: Handoff,
    live: Sequence[tuple[Timer, Terms]],
    known: ClockFacts,
    now: datetime,
    new_id: Callable[[str], str],
) -> list[BrokenInvariant]:
    """Check the clocks of a handoff against the invariants; empty if all hold.

    Args:
        handoff: as stored.
        live: its clocks that have not stopped, each with the terms it runs under.
        known: what is known around it.
        now: the present instant.
        new_id: makes the id of a clock that has to be started again.
    """
    found = [fault for timer, own in live if (fault := _fault(handoff, timer, own, now)) is not None]
    there = {timer.clock for timer, _ in live}
    lost = (_started(clock, handoff, known.terms, now, new_id) for clock in _required(handoff, known, now) - there)
    return [*found, *(BrokenInvariant(kind=FaultKind.LOST, repaired=timer) for timer in lost if timer is not None)]


def _fault(handoff: Handoff, timer: Timer, own: Terms, now: datetime) -> BrokenInvariant | None:
    ladder, calendar = own.levels(timer.clock), own.calendar
    if handoff.final or not _ALLOWED[timer.clock](handoff):
        kind = FaultKind.OUTLIVED if handoff.final else FaultKind.STRAY
        return BrokenInvariant(kind=kind, repaired=replace(timekeeping.stop(timer, calendar, now), met=None))
    must_pause = _must_be_paused(timer.clock, handoff)
    if must_pause and timer.running_since is not None:
        return BrokenInvariant(kind=FaultKind.RUNS_ON, repaired=timekeeping.pause(timer, calendar, now))
    if not must_pause and timer.running_since is None:
        return BrokenInvariant(kind=FaultKind.NOT_RUNNING, repaired=timekeeping.resume(timer, ladder, calendar, now))
    if timekeeping.is_armed(timer, ladder, calendar, now):
        return None
    return BrokenInvariant(kind=FaultKind.MISARMED, repaired=timekeeping.rearm(timer, ladder, calendar, now))


def _snoozed(handoff: Handoff) -> bool:
    return handoff.snoozed_until is not None


def _asked(handoff: Handoff) -> bool:
    return handoff.asked_at is not None


def _claimed(handoff: Handoff) -> bool:
    return handoff.state is State.CLAIMED


_ALLOWED: Final[Mapping[ClockKind, Callable[[Handoff], bool]]] = {
    ClockKind.CLAIM: lambda handoff: handoff.state is State.OPEN,
    ClockKind.FIRST_ACTION: _claimed,
    ClockKind.UPDATE: _claimed,
    ClockKind.FINISH: lambda handoff: not handoff.final,
    ClockKind.RESPOND: lambda handoff: handoff.state is State.RETURNED or _asked(handoff),
    ClockKind.NEEDED_BY: lambda handoff: not handoff.final,
    ClockKind.SNOOZE: _snoozed,
    ClockKind.CHECK: lambda handoff: _claimed(handoff) and not _snoozed(handoff) and not _asked(handoff),
}
"""For each clock, whether a handoff may have it running or paused."""

_STARTED_BY_STATE: Final[Mapping[State, frozenset[ClockKind]]] = {
    State.OPEN: frozenset({ClockKind.CLAIM}),
    State.CLAIMED: frozenset({ClockKind.FINISH}),
    State.RETURNED: frozenset({ClockKind.RESPOND}),
}
"""Clocks that entering a state starts and that go on as long as the state lasts."""


def _must_be_paused(clock: ClockKind, handoff: Handoff) -> bool:
    """Whether a clock has to be paused."""
    if clock is ClockKind.FINISH and handoff.state is State.RETURNED:
        return True
    return clock in {ClockKind.FIRST_ACTION, ClockKind.UPDATE, ClockKind.FINISH} and (
        _snoozed(handoff) or _asked(handoff)
    )


def _required(handoff: Handoff, known: ClockFacts, now: datetime) -> frozenset[ClockKind]:
    """The clocks that the handoff must have, if they have a target."""
    if handoff.final:
        return frozenset()
    return frozenset(_required_clocks(handoff, known, now))


def _required_clocks(handoff: Handoff, known: ClockFacts, now: datetime) -> Iterator[ClockKind]:
    if _snoozed(handoff):
        yield ClockKind.SNOOZE
    if known.terms_since is None:
        return
    if handoff.state_since > known.terms_since:
        yield from _STARTED_BY_STATE.get(handoff.state, ())
        if _claimed(handoff) and ClockKind.FIRST_ACTION not in known.begun:
            yield ClockKind.FIRST_ACTION
        if _claimed(handoff) and not _must_be_paused(ClockKind.UPDATE, handoff):
            yield ClockKind.UPDATE
    if handoff.asked_at is not None and handoff.asked_at > known.terms_since:
        yield ClockKind.RESPOND
    if handoff.created_at > known.terms_since and handoff.needed_by is not None and handoff.needed_by > now:
        yield ClockKind.NEEDED_BY


def _started(
    clock: ClockKind, handoff: Handoff, terms: Terms, now: datetime, new_id: Callable[[str], str]
) -> Timer | None:
    """Start a missing clock, counted from when the state began; `update` from now, as the last progress is unknown.

    The sender's clock counts from the question, where there is one. Its run is the version that the mending gives the
    handoff. None if it has no target.
    """
    asked_at = handoff.asked_at if clock is ClockKind.RESPOND else None
    since = now if clock is ClockKind.UPDATE else asked_at or handoff.state_since
    run = handoff.version + 1
    if clock is ClockKind.SNOOZE and handoff.snoozed_until is not None:
        seconds = round((handoff.snoozed_until - since).total_seconds())
        return timekeeping.start_own_clock(
            handoff, clock, timer_id=new_id("t"), seconds=seconds, calendar=None, since=since, run=run, wall=True
        )
    if terms.policy is None:
        return None
    timer = timekeeping.start(
        handoff, clock, timer_id=new_id("t"), policy=terms.policy, calendar=terms.calendar, now=since, run=run
    )
    paused_since = handoff.asked_at or now  # when a snooze began is not known
    return (
        timekeeping.pause(timer, terms.calendar, paused_since) if timer and _must_be_paused(clock, handoff) else timer
    )
