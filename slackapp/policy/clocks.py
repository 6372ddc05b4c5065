"""Which clock starts, stops or pauses with which change of a handoff. How a clock counts is in `policy.levels`.

| clock | starts | stops as met | on the way |
|---|---|---|---|
| claim | each time it becomes open, afresh in every hop | claim, assign | gone while returned |
| finish | the first claim in a queue | complete | runs on through release; pauses while returned |

A new priority gives a clock, running or paused, another target: what was consumed stays consumed. Where only one of
the two priorities has a target the clock starts, or ends without being met or missed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum, auto
from typing import Final

from slackapp.policy import levels
from storage.acts import Extend
from storage.lifecycle import Moved, State, Verb
from storage.records import Calendar, Clock, Handoff, Level, Policy, Timer


@dataclass(frozen=True, kw_only=True)
class Terms:
    """The policy and the calendar that a clock runs under. Without a policy no clock runs."""

    policy: Policy | None = None
    calendar: Calendar | None = None

    def levels(self, clock: Clock) -> tuple[Level, ...]:
        """The escalation levels of a clock."""
        return tuple(level for level in self.policy.levels if level.clock is clock) if self.policy else ()


class Change(Enum):
    """What a change of the handoff does to a clock."""

    NONE = auto()
    START = auto()
    RESTART = auto()
    PAUSE = auto()
    RESUME = auto()
    MET = auto()
    DROP = auto()
    EXTEND = auto()
    AGAIN = auto()
    """Priority changed: the target is looked up anew, what was consumed stays."""


def at_opening(handoff: Handoff, terms: Terms, new_id: Callable[[str], str]) -> list[Timer]:
    """The clocks of a new handoff."""
    return list(_start(Clock.CLAIM, handoff, terms, handoff.created_at, new_id))


def after(
    moved: Moved, running: Sequence[tuple[Timer, Terms]], terms: Terms, new_id: Callable[[str], str]
) -> list[Timer]:
    """The clocks that a change touches, as they are after it. `terms` are those of the queue it is in now."""
    touched: list[Timer] = []
    by_clock = {timer.clock: (timer, own) for timer, own in running}
    for clock, change_of in _CHANGES.items():
        timer, own = by_clock.get(clock, (None, terms))
        change = change_of(moved, timer)
        if timer is not None:
            touched.extend(_touch(change, timer, own, moved))
        if change in {Change.START, Change.RESTART}:
            touched.extend(_start(clock, moved.after, terms, moved.at, new_id))
    return touched


def _claim(moved: Moved, timer: Timer | None) -> Change:
    before, now = moved.before, moved.after
    if now.state is State.OPEN and (before.state is not State.OPEN or now.hop != before.hop):
        return Change.RESTART
    if before.state is State.OPEN and now.state is not State.OPEN:
        return Change.MET if now.state is State.CLAIMED else Change.DROP
    return _adjustment(moved, timer, extends=True) if now.state is State.OPEN else Change.NONE


def _finish(moved: Moved, timer: Timer | None) -> Change:
    before, now = moved.before, moved.after
    if now.state is State.CLAIMED and before.state is not State.CLAIMED and timer is None:
        return Change.START
    if now.state is State.DONE:
        return Change.MET
    if now.final or now.hop != before.hop:
        return Change.DROP
    if now.state is not before.state and State.RETURNED in {now.state, before.state}:
        return Change.PAUSE if now.state is State.RETURNED else Change.RESUME
    if now.state is not State.CLAIMED and timer is None:
        return Change.NONE
    return _adjustment(moved, timer, extends=now.state is State.CLAIMED)


def _adjustment(moved: Moved, timer: Timer | None, *, extends: bool) -> Change:
    """What a change that moves nothing does to a clock; `extends` for the clock that "more time" means now."""
    if moved.verb is Verb.EXTEND and extends:
        return Change.EXTEND
    if moved.before.priority is moved.after.priority:
        return Change.NONE
    return Change.START if timer is None else Change.AGAIN


_CHANGES: Final[Mapping[Clock, Callable[[Moved, Timer | None], Change]]] = {
    Clock.CLAIM: _claim,
    Clock.FINISH: _finish,
}


def _touch(change: Change, timer: Timer, own: Terms, moved: Moved) -> Iterator[Timer]:
    ladder, calendar, now = own.levels(timer.clock), own.calendar, moved.at
    match change:
        case Change.MET:
            yield levels.stop(timer, calendar, now)
        case Change.DROP | Change.RESTART:
            yield replace(levels.stop(timer, calendar, now), met=None)
        case Change.PAUSE:
            yield levels.pause(timer, calendar, now)
        case Change.RESUME:
            yield levels.resume(timer, ladder, calendar, now)
        case Change.EXTEND if isinstance(moved.act, Extend):
            yield levels.extend(timer, moved.act.seconds, ladder, calendar, now)
        case Change.AGAIN:
            target = own.policy.target(timer.clock, moved.after.priority) if own.policy else None
            if target is not None:
                yield levels.retarget(timer, target, ladder, calendar, now)
            else:
                yield replace(levels.stop(timer, calendar, now), met=None)
        case _:
            return


def _start(
    clock: Clock, handoff: Handoff, terms: Terms, now: datetime, new_id: Callable[[str], str]
) -> Iterator[Timer]:
    """A fresh clock. Its run is the handoff's version, so that every start has a number of its own."""
    if terms.policy is None:
        return
    timer = levels.start(
        handoff,
        clock,
        timer_id=new_id("t"),
        policy=terms.policy,
        calendar=terms.calendar,
        now=now,
        run=handoff.version,
    )
    if timer is not None:
        yield timer
