"""What must hold between a handoff and its clocks, told from the handoff alone, and how to mend what does not.

`policy.clocks` says what a change does to the clocks. This says, without knowing any change, which clocks a handoff
may have, must have, and how they must stand:

| clock | may live while | stands still while |
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

from slackapp.policy import levels
from slackapp.policy.clocks import Terms
from storage.lifecycle import State
from storage.records import Clock, Handoff, Timer


class Kind(StrEnum):
    """What is wrong with a clock. The word is kept in the audit."""

    OUTLIVED = "clock_outlived"
    """It goes on although its handoff is finished."""
    STRAY = "clock_stray"
    """It goes on in a state that has no such clock."""
    RUNS_ON = "clock_runs_on"
    """It runs although it should stand still."""
    STANDS_STILL = "clock_stands_still"
    """It stands still although it should run."""
    MISARMED = "clock_misarmed"
    """It is armed for another instant than its count leads to, or not at all."""
    LOST = "clock_lost"
    """It should be there and is not."""


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One thing wrong with one clock of a handoff; `mended` is the timer as it should be stored."""

    kind: Kind
    mended: Timer

    @property
    def clock(self) -> Clock:
        """Which clock it is about."""
        return self.mended.clock


@dataclass(frozen=True, kw_only=True)
class Known:
    """What is known around a handoff.

    `terms` are those that a clock started now would run under; `terms_since` is when they last changed, None if not
    known: a clock that should have started before is not missed, because it may have had no target then. `begun` are
    the clocks that began at least once since the handoff is in its state.
    """

    terms: Terms
    terms_since: datetime | None
    begun: frozenset[Clock] = frozenset()


def faults(
    handoff: Handoff,
    live: Sequence[tuple[Timer, Terms]],
    known: Known,
    now: datetime,
    new_id: Callable[[str], str],
) -> list[Fault]:
    """Everything that is wrong with the clocks of a handoff; empty if it is sound.

    Args:
        handoff: as stored.
        live: its clocks that have not stopped, each with the terms it runs under.
        known: what is known around it.
        now: the present instant.
        new_id: makes the id of a clock that has to be started again.
    """
    found = [fault for timer, own in live if (fault := _fault(handoff, timer, own, now)) is not None]
    there = {timer.clock for timer, _ in live}
    lost = (_started(clock, handoff, known.terms, now, new_id) for clock in _due_to_be(handoff, known, now) - there)
    return [*found, *(Fault(kind=Kind.LOST, mended=timer) for timer in lost if timer is not None)]


def _fault(handoff: Handoff, timer: Timer, own: Terms, now: datetime) -> Fault | None:
    ladder, calendar = own.levels(timer.clock), own.calendar
    if handoff.final or not _LIVES[timer.clock](handoff):
        kind = Kind.OUTLIVED if handoff.final else Kind.STRAY
        return Fault(kind=kind, mended=replace(levels.stop(timer, calendar, now), met=None))
    rests = _rests(timer.clock, handoff)
    if rests and timer.running_since is not None:
        return Fault(kind=Kind.RUNS_ON, mended=levels.pause(timer, calendar, now))
    if not rests and timer.running_since is None:
        return Fault(kind=Kind.STANDS_STILL, mended=levels.resume(timer, ladder, calendar, now))
    planned = levels.plan(timer, ladder, calendar, now)
    return Fault(kind=Kind.MISARMED, mended=planned) if planned != timer else None


def _snoozed(handoff: Handoff) -> bool:
    return handoff.snoozed_until is not None


def _asked(handoff: Handoff) -> bool:
    return handoff.asked_at is not None


def _claimed(handoff: Handoff) -> bool:
    return handoff.state is State.CLAIMED


_LIVES: Final[Mapping[Clock, Callable[[Handoff], bool]]] = {
    Clock.CLAIM: lambda handoff: handoff.state is State.OPEN,
    Clock.FIRST_ACTION: _claimed,
    Clock.UPDATE: _claimed,
    Clock.FINISH: lambda handoff: not handoff.final,
    Clock.RESPOND: lambda handoff: handoff.state is State.RETURNED or _asked(handoff),
    Clock.NEEDED_BY: lambda handoff: not handoff.final,
    Clock.SNOOZE: _snoozed,
    Clock.CHECK: lambda handoff: _claimed(handoff) and not _snoozed(handoff) and not _asked(handoff),
}
"""In which handoffs a clock may go on."""

_ALWAYS: Final[Mapping[State, frozenset[Clock]]] = {
    State.OPEN: frozenset({Clock.CLAIM}),
    State.CLAIMED: frozenset({Clock.FINISH}),
    State.RETURNED: frozenset({Clock.RESPOND}),
}
"""Clocks that a state starts and that go on as long as it lasts."""


def _rests(clock: Clock, handoff: Handoff) -> bool:
    """Whether a clock has to stand still."""
    if clock is Clock.FINISH and handoff.state is State.RETURNED:
        return True
    return clock in {Clock.FIRST_ACTION, Clock.UPDATE, Clock.FINISH} and (_snoozed(handoff) or _asked(handoff))


def _due_to_be(handoff: Handoff, known: Known, now: datetime) -> frozenset[Clock]:
    """The clocks that must be there, if they have a target."""
    if handoff.final:
        return frozenset()
    return frozenset(_must(handoff, known, now))


def _must(handoff: Handoff, known: Known, now: datetime) -> Iterator[Clock]:
    if _snoozed(handoff):
        yield Clock.SNOOZE
    if known.terms_since is None:
        return
    if handoff.state_since > known.terms_since:
        yield from _ALWAYS.get(handoff.state, ())
        if _claimed(handoff) and Clock.FIRST_ACTION not in known.begun:
            yield Clock.FIRST_ACTION
        if _claimed(handoff) and not _rests(Clock.UPDATE, handoff):
            yield Clock.UPDATE
    if handoff.asked_at is not None and handoff.asked_at > known.terms_since:
        yield Clock.RESPOND
    if handoff.created_at > known.terms_since and handoff.needed_by is not None and handoff.needed_by > now:
        yield Clock.NEEDED_BY


def _started(clock: Clock, handoff: Handoff, terms: Terms, now: datetime, new_id: Callable[[str], str]) -> Timer | None:
    """A lost clock, counted from when the state began; `update` from now, as the last sign of life is not known.

    The sender's clock counts from the question, where there is one. Its run is the version that the mending gives the
    handoff. None if it has no target.
    """
    asked_at = handoff.asked_at if clock is Clock.RESPOND else None
    since = now if clock is Clock.UPDATE else asked_at or handoff.state_since
    run = handoff.version + 1
    if clock is Clock.SNOOZE and handoff.snoozed_until is not None:
        seconds = round((handoff.snoozed_until - since).total_seconds())
        return levels.own(
            handoff, clock, timer_id=new_id("t"), seconds=seconds, calendar=None, since=since, run=run, wall=True
        )
    if terms.policy is None:
        return None
    timer = levels.start(
        handoff, clock, timer_id=new_id("t"), policy=terms.policy, calendar=terms.calendar, now=since, run=run
    )
    rests_since = handoff.asked_at or now  # when a snooze began is not known
    return levels.pause(timer, terms.calendar, rests_since) if timer and _rests(clock, handoff) else timer
