"""Due instants of a clock's steps and its deadline, from what it has consumed, its levels and a calendar.

A level's first step has the level's key, its repeats are `key#2`, `key#3` and so on. Most clocks count a budget of
time: a step is due when so much is consumed. A clock towards an instant (`UNTIL_AN_INSTANT`) has its deadline as given:
a level's percent is a share of the wall time up to it, and offsets and repeats are open time before or after.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from slackapp.clocks.rules import business_hours
from storage.clocks.model import Calendar, ClockKind, Level, Timer

UNTIL_AN_INSTANT: Final = frozenset({ClockKind.NEEDED_BY, ClockKind.SNOOZE})
"""Clocks that end at a given instant. They run around the clock and are never paused."""


BUILT_IN: Final = {
    ClockKind.SNOOZE: (Level(key="over", clock=ClockKind.SNOOZE),),
    ClockKind.CHECK: (Level(key="silent", clock=ClockKind.CHECK),),
}
"""The levels of Baton's own clocks, whatever the policy: a single step, at the end."""


class Step(NamedTuple):
    """One instant at which a level fires: the level's first step or one of its repeats."""

    key: str
    """The level's key, or `key#2` for its first repeat."""
    level: Level
    budget_s: int
    """Seconds of the clock's time that have passed by then, which order the steps. Negative before the start."""
    due_at: datetime
    """The instant at which the level fires; a step before the start is due at the start."""


class _Point(NamedTuple):
    """A step whose due instant is not worked out yet. `turn` is 0 for the level itself, then counts its repeats."""

    height_s: int
    turn: int
    key: str
    level: Level


def steps(timer: Timer, levels: Sequence[Level], calendar: Calendar | None) -> Iterator[Step]:
    """All steps of a running timer, earliest first, at the same instant the lowest first; none unless it runs."""
    return _in_order(timer, _points(timer, levels), calendar)


def pending_steps(timer: Timer, levels: Sequence[Level], calendar: Calendar | None) -> Iterator[Step]:
    """The steps of a running timer that have not fired, in order.

    A generator, because most callers need the first step only and each takes calendar arithmetic.
    """
    return _in_order(timer, [point for point in _points(timer, levels) if point.key not in timer.fired], calendar)


def deadline(timer: Timer, calendar: Calendar | None) -> datetime | None:
    """The instant at which the target is reached if the clock runs on; a deadline missed earlier stays as it was."""
    since = timer.running_since
    if since is None or timer.clock in UNTIL_AN_INSTANT:
        return timer.deadline_at
    if timer.consumed_s >= timer.target_s:
        return min(timer.deadline_at or since, since)
    return _instant(timer, calendar, since, timer.target_s)


def counting_calendar(timer: Timer, calendar: Calendar | None) -> Calendar | None:
    """The calendar by which a timer counts: the team's, or `ALWAYS` for a target in wall time."""
    return business_hours.ALWAYS if timer.wall else calendar


def repeat_calendar(timer: Timer, calendar: Calendar | None) -> Calendar | None:
    """The calendar by which the time between repeats counts: the team's, also for `needed_by`."""
    return calendar if timer.clock is ClockKind.NEEDED_BY else counting_calendar(timer, calendar)


def _points(timer: Timer, levels: Sequence[Level]) -> list[_Point]:
    """All steps with their distance from the start in seconds of the clock's time, in the policy's order."""
    return [
        _Point(
            timer.target_s * level.percent // 100 + level.offset_s + turn * level.repeat_every_s,
            turn,
            level.key if turn == 0 else f"{level.key}#{turn + 1}",
            level,
        )
        for level in BUILT_IN.get(timer.clock, levels)
        if level.clock is timer.clock
        for turn in range(level.repeat_times + 1)
    ]


def _in_order(timer: Timer, points: list[_Point], calendar: Calendar | None) -> Iterator[Step]:
    since = timer.running_since
    if since is None or timer.stopped_at is not None:
        return
    if timer.clock not in UNTIL_AN_INSTANT and timer.quiet_until is None:
        points.sort(key=lambda point: point.height_s)
        yield from (_on_the_way(timer, point, calendar, since) for point in points)
        return
    if timer.clock in UNTIL_AN_INSTANT:
        found = [_before_an_instant(timer, point, calendar) for point in points]
    else:
        found = [_on_the_way(timer, point, calendar, since) for point in points]
    yield from sorted(_after_quiet(timer, found, calendar), key=lambda step: (step.due_at, step.budget_s))


def _on_the_way(timer: Timer, point: _Point, calendar: Calendar | None, since: datetime) -> Step:
    due_at = _instant(timer, calendar, since, point.height_s)
    return Step(key=point.key, level=point.level, budget_s=point.height_s, due_at=due_at)


def _instant(timer: Timer, calendar: Calendar | None, since: datetime, budget_s: int) -> datetime:
    return business_hours.add(counting_calendar(timer, calendar), since, max(budget_s - timer.consumed_s, 0))


def _before_an_instant(timer: Timer, point: _Point, calendar: Calendar | None) -> Step:
    """A step of a clock towards an instant: a share of the wall time up to it, moved by open time."""
    end = timer.deadline_at or timer.started_at
    level, due_at = point.level, timer.started_at + (end - timer.started_at) * point.level.percent / 100
    if level.offset_s < 0:
        due_at = business_hours.subtract(calendar, due_at, -level.offset_s)
    later_s = max(level.offset_s, 0) + point.turn * level.repeat_every_s
    if later_s > 0:
        due_at = business_hours.add(calendar, due_at, later_s)
    height_s = round((due_at - timer.started_at).total_seconds())
    return Step(key=point.key, level=level, budget_s=height_s, due_at=max(due_at, timer.started_at))


def _after_quiet(timer: Timer, found: list[Step], calendar: Calendar | None) -> Iterator[Step]:
    """Put off the repeats that have not fired: each counts from when the one before was available to its reader."""
    waiting: dict[str, int] = {}
    for step in found:
        if timer.quiet_until is None or step.key == step.level.key or step.key in timer.fired:
            yield step
            continue
        turn = waiting[step.level.key] = waiting.get(step.level.key, 0) + 1
        every = repeat_calendar(timer, calendar)
        put_off = business_hours.add(every, timer.quiet_until, turn * step.level.repeat_every_s)
        yield step._replace(due_at=max(step.due_at, put_off))
