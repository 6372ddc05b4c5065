"""Apply a change of a handoff to its clocks: which start, stop, pause or move. How a clock counts: `timekeeping`.

| clock | starts | stops as met | on the way |
|---|---|---|---|
| claim | each time it becomes open, afresh in every hop | claim, assign | gone while returned |
| first_action | each claim, and each new owner | first progress of the owner | pauses while asked or snoozed |
| update | each claim, and each new owner | – | restarts at every progress of the owner, and after a pause |
| finish | the first claim in a queue | complete | runs on through release; pauses while returned, asked or snoozed |
| respond | return, ask | resend, the answer of anybody but the owner | gone otherwise |
| needed_by | opening, if an instant is named; a new queue, reopen | complete | moves with the instant; never pauses |
| snooze | snooze | – | gone when the work is taken up again, or its owner has it no more |
| check | when a level asks the owner “Still on it?” | – | gone at progress, a snooze, a question, a new owner |

The owner's clocks pause while the owner waits for the sender's answer (asked) and while the work is snoozed. A snooze
on top of a question pauses nothing more, and the sender's clock runs on; the clocks resume when both are over.

`clock_changes` has the same table as functions. A change of what a rule of the policy looks at, such as the
priority, gives a clock, running or paused, another target; time consumed stays consumed. Where there was a target only
before or only after the change, the clock ends as neither met nor missed, or starts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from slackapp.clocks.rules import due_times, timekeeping
from slackapp.clocks.rules.clock_changes import CHANGES, Change, starts_paused
from slackapp.clocks.rules.targets import target
from storage.clocks.model import Calendar, ClockKind, Level, Policy, Timer
from storage.handoffs.acts import Extend
from storage.handoffs.lifecycle import Moved
from storage.handoffs.model import Handoff

_FRESH: Final = frozenset({Change.START, Change.RESTART, Change.RENEW})


@dataclass(frozen=True, kw_only=True)
class Terms:
    """Policy and calendar that a clock runs under. Without a policy only Baton's own clocks run."""

    policy: Policy | None = None
    calendar: Calendar | None = None

    def levels(self, clock: ClockKind) -> tuple[Level, ...]:
        """The escalation levels of a clock."""
        if clock in due_times.BUILT_IN:
            return due_times.BUILT_IN[clock]
        return tuple(level for level in self.policy.levels if level.clock is clock) if self.policy else ()

    def wakes(self, handoff: Handoff) -> bool:
        """Whether the handoff's priority lets its reminders be sent at any hour."""
        return self.policy is not None and handoff.priority in self.policy.wake


def start_clocks(handoff: Handoff, terms: Terms, new_id: Callable[[str], str]) -> list[Timer]:
    """Start the clocks of a new handoff."""
    started = (
        _started(clock, handoff, terms, handoff.created_at, new_id) for clock in (ClockKind.CLAIM, ClockKind.NEEDED_BY)
    )
    return [timer for timer in started if timer]


def apply_change(
    moved: Moved, running: Sequence[tuple[Timer, Terms]], terms: Terms, new_id: Callable[[str], str]
) -> list[Timer]:
    """The clocks that a change affects, as they are afterwards. `terms` are those of the handoff's present queue."""
    affected: list[Timer] = []
    by_clock = {timer.clock: (timer, own) for timer, own in running}
    for clock, change_of in CHANGES.items():
        timer, own = by_clock.get(clock, (None, terms))
        change = change_of(moved, timer)
        if timer is not None:
            affected.extend(_changed(change, timer, own, moved))
        if change in _FRESH or (timer is None and change is Change.ADJUST and _is_new(clock, moved, terms)):
            fresh = _started(clock, moved.after, terms, moved.at, new_id)
            if fresh and starts_paused(clock, moved.after):
                fresh = timekeeping.pause(fresh, terms.calendar, moved.at)
            affected.extend([fresh] if fresh else [])
    return affected


def _is_new(clock: ClockKind, moved: Moved, terms: Terms) -> bool:
    """Whether a clock had no target before the change. A clock that ran and ended does not start again."""
    return terms.policy is not None and target(terms.policy, clock, moved.before) is None


def _changed(change: Change, timer: Timer, own: Terms, moved: Moved) -> Iterator[Timer]:
    ladder, calendar, now = own.levels(timer.clock), own.calendar, moved.at
    match change:
        case Change.MET | Change.RENEW:
            yield timekeeping.stop(timer, calendar, now)
        case Change.DROP | Change.RESTART:
            yield timekeeping.cancel(timer, calendar, now)
        case Change.PAUSE:
            yield timekeeping.pause(timer, calendar, now)
        case Change.RESUME:
            yield timekeeping.resume(timer, ladder, calendar, _paused_until(moved))
        case Change.EXTEND if isinstance(moved.act, Extend):
            yield timekeeping.extend(timer, moved.act.seconds, ladder, calendar, now)
        case Change.MOVE if moved.after.needed_by is not None:
            yield timekeeping.move_end(timer, moved.after.needed_by, ladder, calendar, now)
        case Change.ADJUST if own.policy is not None:
            yield from _adjusted(timer, own.policy, calendar, moved)
        case _:
            return


def _paused_until(moved: Moved) -> datetime:
    """The instant at which the pause ended: a snooze that ran out during an outage ended when it was due to."""
    return min(moved.at, moved.before.snoozed_until or moved.at)


def _adjusted(timer: Timer, policy: Policy, calendar: Calendar | None, moved: Moved) -> Iterator[Timer]:
    """Retarget or drop a clock after a change; nothing if its target is the same, so that extensions are kept."""
    before, now = (target(policy, timer.clock, handoff) for handoff in (moved.before, moved.after))
    if now is None:
        yield timekeeping.cancel(timer, calendar, moved.at)
    elif now != before:
        yield timekeeping.retarget(timer, now, policy.levels, calendar, moved.at)


def _started(
    clock: ClockKind, handoff: Handoff, terms: Terms, now: datetime, new_id: Callable[[str], str]
) -> Timer | None:
    """Start a new clock. Its run is the handoff's version, so that every start has a number of its own."""
    run = handoff.version
    if clock is ClockKind.SNOOZE and handoff.snoozed_until is not None:
        seconds = (handoff.snoozed_until - now).total_seconds()
        return timekeeping.start_own_clock(
            handoff, clock, timer_id=new_id("t"), seconds=seconds, calendar=None, since=now, run=run, wall=True
        )
    if terms.policy is None:
        return None
    return timekeeping.start(
        handoff, clock, timer_id=new_id("t"), policy=terms.policy, calendar=terms.calendar, now=now, run=run
    )
