"""Timekeeping: start, pause, resume, extend and stop a clock, and find which escalation level is due next.

A timer stores how much time it has consumed and since when it runs; its due instants follow from that, the policy's
levels and the calendar (`due_times`). Every function returns a new timer with `deadline_at`, `next_level` and
`due_at` worked out again.

A level is a point on the way: `percent` of the target, moved by `offset_s`. A step that fired once in a run of a clock
never fires again in that run. Where no level is due at the deadline the timer is due there too (`DEADLINE`): nobody is
notified, and what names the deadline is drawn again. What a timer has consumed, how long it stood still and what it has
fired stay with it whatever becomes of its policy and its calendar.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from slackapp.clocks.rules import business_hours, due_times, durations, targets
from slackapp.clocks.rules.due_times import UNTIL_AN_INSTANT, Step
from storage.clocks.model import OWN_CLOCKS, Calendar, ClockKind, Duration, Level, Policy, Timer
from storage.db import fast_records
from storage.handoffs.model import Handoff

_IN_TIME: Final = timedelta(minutes=1)
"""A step found due later than this was missed: there was an outage, or the step lay before its clock's start."""


DEADLINE: Final = "100%"
"""What stands in place of the next level's key while a timer is armed for its deadline; no level can have this key."""


class DueSteps(NamedTuple):
    """The steps that are due now. After an outage only the highest notifies; those below count as fired, silently.

    Steps due at the same point all notify: two levels at 100% are two messages to two groups of people.
    """

    notifying: tuple[Step, ...] = ()
    silent: tuple[Step, ...] = ()
    following: Step | None = None
    """The first step that is not due yet."""
    is_deadline: bool = False
    """Whether the deadline is due at which no level is."""

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of all steps that count as fired from now on."""
        return tuple(step.key for step in (*self.notifying, *self.silent))


def start(
    handoff: Handoff,
    clock: ClockKind,
    *,
    timer_id: str,
    policy: Policy,
    calendar: Calendar | None,
    now: datetime,
    run: int = 1,
) -> Timer | None:
    """Start a clock now; None if the policy has no target for it. `run` counts its starts.

    The clock `needed_by` takes its target from the handoff: it starts if the handoff names an instant that lies ahead.
    """
    timer = Timer(
        id=timer_id,
        workspace=handoff.workspace,
        handoff_id=handoff.id,
        clock=clock,
        run=run,
        policy=policy.key,
        policy_version=policy.version,
        calendar=calendar.key if calendar else None,
        target_s=0,
        started_at=now,
        running_since=now,
    )
    if clock is ClockKind.NEEDED_BY:
        end = handoff.needed_by
        return move_end(timer, end, policy.levels, calendar, now) if end and end > now else None
    target = targets.target(policy, clock, handoff)
    return retarget(timer, target, policy.levels, calendar, now) if target else None


def start_own_clock(
    handoff: Handoff,
    clock: ClockKind,
    *,
    timer_id: str,
    seconds: float,
    calendar: Calendar | None,
    since: datetime,
    run: int,
    wall: bool,
) -> Timer:
    """Start one of Baton's own clocks (`SNOOZE`, `CHECK`): no policy, one step, due `seconds` after `since`."""
    timer = Timer(
        id=timer_id,
        workspace=handoff.workspace,
        handoff_id=handoff.id,
        clock=clock,
        run=run,
        policy="",
        policy_version=0,
        calendar=calendar.key if calendar else None,
        target_s=round(seconds),
        started_at=since,
        running_since=since,
        deadline_at=since + timedelta(seconds=seconds) if clock in UNTIL_AN_INSTANT else None,
        wall=wall,
    )
    return rearm(timer, (), calendar, since)


def rearm(timer: Timer, levels: Sequence[Level], calendar: Calendar | None, now: datetime) -> Timer:
    """Work out a timer's deadline, next level and due instant from what it has consumed and fired.

    `due_at` may lie before `now`: then it is due. A deadline that was missed before a pause stays where it was.
    """
    if timer.stopped_at is not None:
        return replace(timer, next_level=None, due_at=None)
    if timer.running_since is None:
        missed = timer.deadline_at is not None and timer.deadline_at <= now and timer.consumed_s >= timer.target_s
        return replace(timer, deadline_at=timer.deadline_at if missed else None, next_level=None, due_at=None)
    following = next(due_times.pending_steps(timer, levels, calendar), None)
    aimed = replace(timer, deadline_at=due_times.deadline(timer, calendar))
    return _armed(aimed, following, now, is_armed=timer.next_level == DEADLINE)


def is_armed(timer: Timer, levels: Sequence[Level], calendar: Calendar | None, now: datetime) -> bool:
    """Return whether a timer is armed for what is due next; an older version of Baton armed none for its deadline."""
    planned = rearm(timer, levels, calendar, now)
    if timer == planned or planned.next_level != DEADLINE:
        return timer == planned
    following = next(due_times.pending_steps(timer, levels, calendar), None)
    return timer == replace(
        planned,
        next_level=following.key if following else None,
        due_at=following.due_at if following else None,
    )


def _armed(timer: Timer, following: Step | None, now: datetime, *, is_armed: bool = False) -> Timer:
    """Arm a running timer for the step that follows, or for its deadline if that lies ahead and comes before.

    `is_armed` tells that the timer is armed for its deadline, which may be overdue.
    """
    end = timer.deadline_at
    if timer.clock in OWN_CLOCKS or end is None or not (end > now or is_armed):
        end = None
    if end is not None and (following is None or end < following.due_at):
        return fast_records.copy(timer, next_level=DEADLINE, due_at=end)
    return fast_records.copy(
        timer,
        next_level=following.key if following else None,
        due_at=following.due_at if following else None,
    )


def all_steps(timer: Timer, levels: Sequence[Level], calendar: Calendar | None) -> tuple[Step, ...]:
    """All steps of a timer with their due instants, earliest first; none while it is paused or stopped."""
    return tuple(due_times.steps(timer, levels, calendar))


def due_steps(timer: Timer, levels: Sequence[Level], calendar: Calendar | None, now: datetime) -> DueSteps:
    """Find the steps that are due now and have not fired, highest first."""
    due: list[Step] = []
    following = None
    for step in due_times.pending_steps(timer, levels, calendar):
        if step.due_at > now:
            following = step
            break
        due.append(step)
    due.sort(key=lambda step: step.budget_s)
    top = due[-1].budget_s if due else None
    return DueSteps(
        notifying=tuple(step for step in due if step.budget_s == top),
        silent=tuple(step for step in reversed(due) if step.budget_s != top),
        following=following,
        is_deadline=timer.next_level == DEADLINE and timer.due_at is not None and timer.due_at <= now,
    )


def mark_fired(
    timer: Timer,
    reached: DueSteps,
    levels: Sequence[Level],
    calendar: Calendar | None,
    now: datetime,
    *,
    quiet_until: datetime | None = None,
) -> Timer:
    """Mark the steps reached as fired and arm the timer for the step that follows.

    Later repeats count from `quiet_until` if nobody was available before then, and from now after an outage. Once they
    count from another instant than the clock's own, each counts from the one before it.
    """
    steps = (*reached.notifying, *reached.silent)
    quiet = _quiet_from(timer, steps, quiet_until, now)
    fired = (*timer.fired, *(step.key for step in steps))
    if quiet != timer.quiet_until:
        return rearm(replace(timer, fired=fired, quiet_until=quiet, next_level=None), levels, calendar, now)
    return _armed(fast_records.copy(timer, fired=fired), reached.following, now)


def _quiet_from(timer: Timer, marked: Sequence[Step], quiet_until: datetime | None, now: datetime) -> datetime | None:
    """The instant from which repeats count after these steps: the latest of those known."""
    found = (timer.quiet_until, quiet_until, _repeats_from(timer, marked, now))
    return max((instant for instant in found if instant), default=None)


def _repeats_from(timer: Timer, marked: Sequence[Step], now: datetime) -> datetime | None:
    """The instant from which repeats count after these steps; None if they count by the clock's own time."""
    if len({step.budget_s for step in marked}) > 1 or any(step.due_at < now - _IN_TIME for step in marked):
        return now
    if timer.quiet_until is None:
        return None
    return max((step.due_at for step in marked if step.key != step.level.key), default=None)


def pause(timer: Timer, calendar: Calendar | None, now: datetime) -> Timer:
    """Pause a timer; it keeps what it has consumed. Unchanged if it is paused or stopped, or can never be paused."""
    if timer.running_since is None or timer.stopped_at is not None or timer.clock in UNTIL_AN_INSTANT:
        return timer
    still = replace(timer, consumed_s=consumed(timer, calendar, now), running_since=None, paused_at=now)
    return rearm(still, (), calendar, now)


def resume(timer: Timer, levels: Sequence[Level], calendar: Calendar | None, now: datetime) -> Timer:
    """Resume a paused timer from where it was. Unchanged if it runs or has stopped."""
    if timer.running_since is not None or timer.stopped_at is not None:
        return timer
    running = replace(_not_paused(timer, now), running_since=now)
    waited_s = _waited_s(timer, calendar, timer.paused_at or now)
    return rearm(_with_waited(running, waited_s, calendar, now), levels, calendar, now)


def stop(timer: Timer, calendar: Calendar | None, now: datetime) -> Timer:
    """Stop a timer: met if its deadline has not passed. Stopping exactly at the deadline is still in time."""
    if timer.stopped_at is not None:
        return timer
    used_s = consumed(timer, calendar, now)
    in_time = used_s <= timer.target_s if timer.deadline_at is None else now <= timer.deadline_at
    return replace(
        _not_paused(timer, now),
        consumed_s=used_s,
        running_since=None,
        stopped_at=now,
        met=in_time,
        next_level=None,
        due_at=None,
    )


def cancel(timer: Timer, calendar: Calendar | None, now: datetime) -> Timer:
    """Stop a timer as neither met nor missed: what it measured no longer matters."""
    return timer if timer.stopped_at is not None else replace(stop(timer, calendar, now), met=None)


def extend(timer: Timer, more_s: int, levels: Sequence[Level], calendar: Calendar | None, now: datetime) -> Timer:
    """Extend a timer by `more_s` seconds: from its deadline, or from now if that has passed already.

    Levels that have fired stay silent; those to come move with the target.
    """
    if timer.stopped_at is not None or more_s <= 0:
        return timer
    target_s = max(timer.target_s, consumed(timer, calendar, now)) + more_s
    return rearm(replace(timer, target_s=target_s, deadline_at=None), levels, calendar, now)


def retarget(
    timer: Timer, target: Duration, levels: Sequence[Level], calendar: Calendar | None, now: datetime
) -> Timer:
    """Give a timer, running or paused, another target. Time consumed so far counts as it was measured then."""
    if timer.stopped_at is not None:
        return timer
    target_s = durations.seconds(target, calendar)
    aimed = replace(timer, target_s=target_s, deadline_at=None, wall=target.wall)
    if target.wall != timer.wall:
        aimed = _go_by(aimed, timer, calendar, calendar, now)
    return rearm(aimed, levels, calendar, now)


def move_end(
    timer: Timer, instant: datetime, levels: Sequence[Level], calendar: Calendar | None, now: datetime
) -> Timer:
    """Move the end of a clock that runs towards an instant (`UNTIL_AN_INSTANT`)."""
    if timer.stopped_at is not None:
        return timer
    target_s = round((instant - timer.started_at).total_seconds())
    return rearm(replace(timer, target_s=target_s, deadline_at=instant, wall=True), levels, calendar, now)


def change_calendar(
    timer: Timer, levels: Sequence[Level], before: Calendar | None, after: Calendar | None, now: datetime
) -> Timer:
    """Put a timer on other working hours: time worked so far counts, the rest goes by the new calendar."""
    if timer.stopped_at is not None:
        return timer
    by_new = replace(timer, calendar=after.key if after else None)
    return rearm(_go_by(by_new, timer, before, after, now), levels, after, now)


def change_policy(  # noqa: PLR0917 - what a rebase and a retarget take together, in their order
    timer: Timer,
    policy: Policy,
    target: Duration | None,
    before: Calendar | None,
    calendar: Calendar | None,
    now: datetime,
) -> Timer:
    """Put a timer of an open handoff under another policy, or another version of it, and the present calendar.

    Without a target the clock ends, neither met nor missed; one towards an instant keeps its instant and needs none.
    Baton's own clocks have no policy, and take the calendar only.
    """
    if timer.stopped_at is not None or timer.clock in OWN_CLOCKS:
        return change_calendar(timer, (), before, calendar, now)
    newer = replace(timer, policy=policy.key, policy_version=policy.version)
    if timer.clock is ClockKind.NEEDED_BY:
        return change_calendar(newer, policy.levels, before, calendar, now)
    if target is None:
        return cancel(timer, before, now)
    return retarget(change_calendar(newer, policy.levels, before, calendar, now), target, policy.levels, calendar, now)


def consumed(timer: Timer, calendar: Calendar | None, now: datetime) -> int:
    """Seconds of the clock's own time (open time, or wall time) that have passed by now."""
    if timer.running_since is None:
        return timer.consumed_s
    return timer.consumed_s + round(
        business_hours.between(due_times.counting_calendar(timer, calendar), timer.running_since, now)
    )


def _not_paused(timer: Timer, now: datetime) -> Timer:
    """End the pause the timer is in, if any, and add it to the pauses that are over."""
    if timer.paused_at is None:
        return timer
    paused_s = timer.paused_s + max(round((now - timer.paused_at).total_seconds()), 0)
    return replace(timer, paused_at=None, paused_s=paused_s)


def _go_by(changed: Timer, timer: Timer, before: Calendar | None, after: Calendar | None, now: datetime) -> Timer:
    """Carry over to `changed`, which counts by other hours or another pace, what `timer` has counted until now."""
    if timer.running_since is None or timer.clock in UNTIL_AN_INSTANT:
        return changed
    running = replace(changed, consumed_s=consumed(timer, before, now), running_since=max(now, timer.running_since))
    return _with_waited(running, _waited_s(timer, before, now), after, now)


def _waited_s(timer: Timer, calendar: Calendar | None, until: datetime) -> float:
    """Seconds towards the next repeat that have passed since `quiet_until`, when the one before reached a reader."""
    if timer.quiet_until is None:
        return 0
    return business_hours.between(due_times.repeat_calendar(timer, calendar), timer.quiet_until, until)


def _with_waited(timer: Timer, waited_s: float, calendar: Calendar | None, now: datetime) -> Timer:
    """Count `waited_s` seconds towards the timer's next repeat as already passed."""
    if timer.quiet_until is None or timer.quiet_until >= now:
        return timer
    since = business_hours.subtract(due_times.repeat_calendar(timer, calendar), now, waited_s)
    return replace(timer, quiet_until=since)
