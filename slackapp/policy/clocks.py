"""Which clock starts, stops or pauses with which change of a handoff. How a clock counts is in `policy.levels`.

| clock | starts | stops as met | on the way |
|---|---|---|---|
| claim | each time it becomes open, afresh in every hop | claim, assign | gone while returned |
| first_action | each claim, and each new owner | first sign of life | pauses while it rests |
| update | each claim, and each new owner | – | afresh at every sign of life of the owner, and after a rest |
| finish | the first claim in a queue | complete | runs on through release; pauses while returned, asked or snoozed |
| respond | return, ask | resend, the answer of anybody but the owner | gone otherwise |
| needed_by | opening, if an instant is named; a new queue, reopen | complete | moves with the instant; never pauses |
| snooze | snooze | – | gone when the work is taken up again, or its owner has it no more |
| check | when a level asks the owner “Still on it?” | – | gone at a sign of life, a snooze, a question, a new owner |

Work rests while its owner waits for the sender's answer (asked) and while it is snoozed. A snooze on top of a question
stops nothing more, and the sender's clock runs on: what rests is taken up again when both are over.

`policy.clock_changes` says the same in functions. Whoever changes what a rule of the policy looks at, such as the
priority, gives a clock, running or paused, another target: what was consumed stays consumed. Where there was a target
only before or only after, the clock ends without being met or missed, or starts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from slackapp.policy import levels
from slackapp.policy.clock_changes import CHANGES, Change, stands_still
from slackapp.policy.targets import target
from storage.acts import Extend
from storage.company import Calendar, Level, Policy
from storage.lifecycle import Moved
from storage.records import Clock, Handoff, Timer

_FRESH: Final = frozenset({Change.START, Change.RESTART, Change.RENEW})


@dataclass(frozen=True, kw_only=True)
class Terms:
    """The policy and the calendar that a clock runs under. Without a policy only Baton's own clocks run."""

    policy: Policy | None = None
    calendar: Calendar | None = None

    def levels(self, clock: Clock) -> tuple[Level, ...]:
        """The escalation levels of a clock."""
        if clock in levels.BUILT_IN:
            return levels.BUILT_IN[clock]
        return tuple(level for level in self.policy.levels if level.clock is clock) if self.policy else ()


def at_opening(handoff: Handoff, terms: Terms, new_id: Callable[[str], str]) -> list[Timer]:
    """The clocks of a new handoff."""
    started = (_started(clock, handoff, terms, handoff.created_at, new_id) for clock in (Clock.CLAIM, Clock.NEEDED_BY))
    return [timer for timer in started if timer]


def after(
    moved: Moved, running: Sequence[tuple[Timer, Terms]], terms: Terms, new_id: Callable[[str], str]
) -> list[Timer]:
    """The clocks that a change touches, as they are after it. `terms` are those of the queue it is in now."""
    touched: list[Timer] = []
    by_clock = {timer.clock: (timer, own) for timer, own in running}
    for clock, change_of in CHANGES.items():
        timer, own = by_clock.get(clock, (None, terms))
        change = change_of(moved, timer)
        if timer is not None:
            touched.extend(_touched(change, timer, own, moved))
        if change in _FRESH or (timer is None and change is Change.ADJUST and _is_new(clock, moved, terms)):
            fresh = _started(clock, moved.after, terms, moved.at, new_id)
            if fresh and stands_still(clock, moved.after):
                fresh = levels.pause(fresh, terms.calendar, moved.at)
            touched.extend([fresh] if fresh else [])
    return touched


def _is_new(clock: Clock, moved: Moved, terms: Terms) -> bool:
    """Whether a clock had no target before the change. One that ran and ended does not begin again."""
    return terms.policy is not None and target(terms.policy, clock, moved.before) is None


def _touched(change: Change, timer: Timer, own: Terms, moved: Moved) -> Iterator[Timer]:
    ladder, calendar, now = own.levels(timer.clock), own.calendar, moved.at
    match change:
        case Change.MET | Change.RENEW:
            yield levels.stop(timer, calendar, now)
        case Change.DROP | Change.RESTART:
            yield levels.drop(timer, calendar, now)
        case Change.PAUSE:
            yield levels.pause(timer, calendar, now)
        case Change.RESUME:
            yield levels.resume(timer, ladder, calendar, _rested_until(moved))
        case Change.EXTEND if isinstance(moved.act, Extend):
            yield levels.extend(timer, moved.act.seconds, ladder, calendar, now)
        case Change.MOVE if moved.after.needed_by is not None:
            yield levels.move(timer, moved.after.needed_by, ladder, calendar, now)
        case Change.ADJUST if own.policy is not None:
            yield from _adjusted(timer, own.policy, calendar, moved)
        case _:
            return


def _rested_until(moved: Moved) -> datetime:
    """When the work's rest ended: a snooze that ran out while nothing ticked ended when it was to end."""
    return min(moved.at, moved.before.snoozed_until or moved.at)


def _adjusted(timer: Timer, policy: Policy, calendar: Calendar | None, moved: Moved) -> Iterator[Timer]:
    """The clock with the target that it has since the change; nothing if that is the same: it keeps its extensions."""
    before, now = (target(policy, timer.clock, handoff) for handoff in (moved.before, moved.after))
    if now is None:
        yield levels.drop(timer, calendar, moved.at)
    elif now != before:
        yield levels.retarget(timer, now, policy.levels, calendar, moved.at)


def _started(clock: Clock, handoff: Handoff, terms: Terms, now: datetime, new_id: Callable[[str], str]) -> Timer | None:
    """A fresh clock. Its run is the handoff's version, so that every start has a number of its own."""
    run = handoff.version
    if clock is Clock.SNOOZE and handoff.snoozed_until is not None:
        seconds = (handoff.snoozed_until - now).total_seconds()
        return levels.own(
            handoff, clock, timer_id=new_id("t"), seconds=seconds, calendar=None, since=now, run=run, wall=True
        )
    if terms.policy is None:
        return None
    return levels.start(
        handoff, clock, timer_id=new_id("t"), policy=terms.policy, calendar=terms.calendar, now=now, run=run
    )
