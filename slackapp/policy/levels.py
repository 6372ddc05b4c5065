"""The clocks of a handoff: when a target is reached, which escalation level is due next, and what a pause does.

A timer stores how much time it has consumed and since when it runs; everything else follows from that, the policy's
levels and the calendar. Every function returns a new timer whose `deadline_at`, `next_level` and `due_at` fit.

A level is a point on the way: `percent` of the target, moved by `offset_s`. Its first step has the level's key, its
repeats are `key#2`, `key#3` and so on. A step that fired once in a run of a clock never fires again in that run.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from slackapp.policy import business_hours, durations
from storage.records import Calendar, Clock, Duration, Handoff, Level, Policy, Timer


@dataclass(frozen=True, kw_only=True)
class Step:
    """One moment at which a level speaks."""

    key: str
    """The level's key, or `key#2` for its first repeat."""
    level: Level
    budget_s: int
    """How much of the clock's time has passed by then; a level before the start is at the start."""
    due_at: datetime


@dataclass(frozen=True, kw_only=True)
class Reached:
    """What is due now. After an outage only the highest speaks; what lies below it is marked as fired and silent.

    Steps at the same height all speak: two levels at 100% are two messages to two groups of people.
    """

    speaking: tuple[Step, ...] = ()
    passed_over: tuple[Step, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """All that count as fired from now on."""
        return tuple(step.key for step in (*self.speaking, *self.passed_over))


def start(
    handoff: Handoff,
    clock: Clock,
    *,
    timer_id: str,
    policy: Policy,
    calendar: Calendar | None,
    now: datetime,
    run: int = 1,
) -> Timer | None:
    """A clock that begins to run now, or None if the policy has no target for it. `run` counts its starts."""
    target = policy.target(clock, handoff.priority)
    if target is None:
        return None
    timer = Timer(
        id=timer_id,
        workspace=handoff.workspace,
        handoff_id=handoff.id,
        clock=clock,
        run=run,
        policy=policy.key,
        policy_version=policy.version,
        calendar=calendar.key if calendar else None,
        target_s=durations.seconds(target, calendar),
        started_at=now,
        running_since=now,
        wall=target.wall,
    )
    return plan(timer, policy.levels, calendar, now)


def plan(timer: Timer, levels: Sequence[Level], calendar: Calendar | None, now: datetime) -> Timer:
    """The timer with deadline, next level and due instant worked out from what it has consumed and fired.

    `due_at` may lie before `now`: then it is due. A deadline that was missed before a pause stays where it was.
    """
    if timer.stopped_at is not None:
        return replace(timer, next_level=None, due_at=None)
    if timer.running_since is None:
        missed = timer.deadline_at is not None and timer.deadline_at <= now and timer.consumed_s >= timer.target_s
        return replace(timer, deadline_at=timer.deadline_at if missed else None, next_level=None, due_at=None)
    following = next((p for p in _points(timer, levels) if p[1] not in timer.fired), None)
    return replace(
        timer,
        deadline_at=_deadline(timer, calendar, timer.running_since),
        next_level=following[1] if following else None,
        due_at=_instant(timer, calendar, timer.running_since, following[0]) if following else None,
    )


def instants(timer: Timer, levels: Sequence[Level], calendar: Calendar | None) -> tuple[Step, ...]:
    """Every step of the timer's clock with the instant it is due, earliest first; none while paused or stopped."""
    since = timer.running_since
    if since is None or timer.stopped_at is not None:
        return ()
    return tuple(
        Step(key=key, level=level, budget_s=budget_s, due_at=_instant(timer, calendar, since, budget_s))
        for budget_s, key, level in _points(timer, levels)
    )


def reached(timer: Timer, levels: Sequence[Level], calendar: Calendar | None, now: datetime) -> Reached:
    """The steps that are due now and have not fired, highest first."""
    due: list[Step] = []
    for step in instants(timer, levels, calendar):
        if step.due_at > now:
            break
        if step.key not in timer.fired:
            due.insert(0, step)
    top = due[0].budget_s if due else None
    return Reached(
        speaking=tuple(reversed([step for step in due if step.budget_s == top])),
        passed_over=tuple(step for step in due if step.budget_s != top),
    )


def mark(timer: Timer, keys: Iterable[str], levels: Sequence[Level], calendar: Calendar | None, now: datetime) -> Timer:
    """The timer after these steps fired, armed for the one that follows."""
    fired = (*timer.fired, *(key for key in dict.fromkeys(keys) if key not in timer.fired))
    return plan(replace(timer, fired=fired), levels, calendar, now)


def pause(timer: Timer, calendar: Calendar | None, now: datetime) -> Timer:
    """The timer standing still: it keeps what it has consumed. Unchanged if it stands still already."""
    if timer.running_since is None or timer.stopped_at is not None:
        return timer
    return plan(replace(timer, consumed_s=consumed(timer, calendar, now), running_since=None), (), calendar, now)


def resume(timer: Timer, levels: Sequence[Level], calendar: Calendar | None, now: datetime) -> Timer:
    """The timer running on from where it was paused. Unchanged if it runs or has stopped."""
    if timer.running_since is not None or timer.stopped_at is not None:
        return timer
    return plan(replace(timer, running_since=now), levels, calendar, now)


def stop(timer: Timer, calendar: Calendar | None, now: datetime) -> Timer:
    """The timer at its end. Met if its deadline has not passed; at the deadline itself is still in time."""
    if timer.stopped_at is not None:
        return timer
    used_s = consumed(timer, calendar, now)
    in_time = used_s <= timer.target_s if timer.deadline_at is None else now <= timer.deadline_at
    return replace(
        timer,
        consumed_s=used_s,
        running_since=None,
        stopped_at=now,
        met=in_time,
        next_level=None,
        due_at=None,
    )


def extend(timer: Timer, more_s: int, levels: Sequence[Level], calendar: Calendar | None, now: datetime) -> Timer:
    """The timer with `more_s` seconds more: after its deadline, or from now if that has passed already.

    Levels that have fired stay silent; those to come move with the target.
    """
    if timer.stopped_at is not None or more_s <= 0:
        return timer
    target_s = max(timer.target_s, consumed(timer, calendar, now)) + more_s
    return plan(replace(timer, target_s=target_s, deadline_at=None), levels, calendar, now)


def retarget(
    timer: Timer, target: Duration, levels: Sequence[Level], calendar: Calendar | None, now: datetime
) -> Timer:
    """The timer with another target, running or paused. What it has consumed so far counts as it was measured then."""
    if timer.stopped_at is not None:
        return timer
    if target.wall != timer.wall and timer.running_since is not None:
        since = max(now, timer.running_since)
        timer = replace(timer, consumed_s=consumed(timer, calendar, now), running_since=since)
    target_s = durations.seconds(target, calendar)
    return plan(replace(timer, target_s=target_s, deadline_at=None, wall=target.wall), levels, calendar, now)


def rebase(
    timer: Timer, levels: Sequence[Level], before: Calendar | None, after: Calendar | None, now: datetime
) -> Timer:
    """The timer after its calendar was edited or became another one.

    What was worked by the old hours counts, the rest goes by the new.
    """
    if timer.stopped_at is not None:
        return timer
    moved = replace(timer, calendar=after.key if after else None)
    if timer.running_since is None:
        return moved
    used_s = consumed(timer, before, now)
    since = max(now, timer.running_since)
    return plan(replace(moved, consumed_s=used_s, running_since=since), levels, after, now)


def consumed(timer: Timer, calendar: Calendar | None, now: datetime) -> int:
    """Seconds of the clock's own time (open time, or wall time) that have passed by now."""
    if timer.running_since is None:
        return timer.consumed_s
    return timer.consumed_s + round(business_hours.between(_calendar(timer, calendar), timer.running_since, now))


def _points(timer: Timer, levels: Sequence[Level]) -> list[tuple[int, str, Level]]:
    """(budget, key, level) of every step, lowest first; equal ones in the policy's order."""
    points = []
    for level in levels:
        if level.clock is not timer.clock:
            continue
        base_s = max(timer.target_s * level.percent // 100 + level.offset_s, 0)
        for turn in range(level.repeat_times + 1):
            key = level.key if turn == 0 else f"{level.key}#{turn + 1}"
            points.append((base_s + turn * level.repeat_every_s, key, level))
    return sorted(points, key=lambda point: point[0])


def _deadline(timer: Timer, calendar: Calendar | None, since: datetime) -> datetime:
    """When the target is reached; if it was before this stretch began, when that was as far as is known."""
    if timer.consumed_s >= timer.target_s:
        return min(timer.deadline_at or since, since)
    return _instant(timer, calendar, since, timer.target_s)


def _instant(timer: Timer, calendar: Calendar | None, since: datetime, budget_s: int) -> datetime:
    return business_hours.add(_calendar(timer, calendar), since, max(budget_s - timer.consumed_s, 0))


def _calendar(timer: Timer, calendar: Calendar | None) -> Calendar | None:
    """A wall clock runs around the clock, whatever the team's hours are."""
    return business_hours.ALWAYS if timer.wall else calendar
