"""A clock in words: its target, the time used, the time paused, and the reason for its due time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from slackapp.clocks.rules import explanation, timekeeping
from slackapp.handoffs.views import wording
from slackapp.slack.block_kit import phrases
from slackapp.slack.block_kit.blocks import escape, when
from storage.clocks.model import OWN_CLOCKS, Calendar, ClockKind, Timer

_ENDINGS: Final[Mapping[bool | None, str]] = {True: "met in {span}", False: "missed, took {span}", None: "dropped"}
_SHORTEST_PAUSE_S: Final = 60


def line(timer: Timer, calendars: Mapping[str, Calendar], now: datetime) -> str:
    """One clock in words: its outcome or due time, then the numbers, then the reason for the due time.

    Args:
        timer: running, paused or stopped.
        calendars: by key, those that the clocks go by.
        now: the present instant.
    """
    calendar = calendars.get(timer.calendar or "")
    name = f"*{wording.CLOCKS[timer.clock]}:* "
    if timer.clock in OWN_CLOCKS:
        return name + _own_clock(timer)
    told = _why(timer, calendar)
    numbers = ", ".join(part for part in (_used(timer, calendar, now), _paused(timer, now)) if part)
    return f"{name}{_state(timer, now)}, {numbers}" + (f"\n> {escape(told)}" if told else "")


def _state(timer: Timer, now: datetime) -> str:
    if timer.stopped_at is not None:
        return f"{_ENDINGS[timer.met].format(span=phrases.span(timer.consumed_s))}, {when(timer.stopped_at)}"
    late = timer.deadline_at is not None and now > timer.deadline_at
    if timer.running_since is None:
        return "paused, late" if late else "paused"
    if timer.deadline_at is None:
        return "running"
    if late:
        return f"due {when(timer.deadline_at)}, {phrases.span(now - timer.deadline_at)} late"
    return f"due {when(timer.deadline_at)}, in {phrases.span(timer.deadline_at - now)}"


def _used(timer: Timer, calendar: Calendar | None, now: datetime) -> str:
    target = phrases.span(timer.target_s)
    if timer.clock is ClockKind.NEEDED_BY:
        return "an instant, which never moves by itself"
    if timer.stopped_at is not None:
        return f"target {target}"
    used_s = timekeeping.consumed(timer, calendar, now)
    return f"{phrases.span(used_s)} used of {target}"


def _paused(timer: Timer, now: datetime) -> str:
    since = timer.paused_at if timer.running_since is None and timer.stopped_at is None else None
    still_s = timer.paused_s + ((now - since).total_seconds() if since else 0)
    return f"paused {phrases.span(still_s)}" if still_s >= _SHORTEST_PAUSE_S else ""


def _why(timer: Timer, calendar: Calendar | None) -> str:
    """The explanation of the due time in the calendar's zone; empty without a due time or counted time."""
    left_s = timer.target_s - timer.consumed_s
    if timer.running_since is None or timer.stopped_at is not None or timer.clock is ClockKind.NEEDED_BY or left_s <= 0:
        return ""
    before = f"{phrases.span(timer.consumed_s)} before, then " if timer.consumed_s >= _SHORTEST_PAUSE_S else ""
    return before + explanation.one_line(calendar, timer.running_since, left_s, wall=timer.wall)


def _own_clock(timer: Timer) -> str:
    """One of Baton's own clocks: a snooze, or the wait for an answer; neither is met or missed."""
    if timer.stopped_at is not None:
        return f"over, {when(timer.stopped_at)}"
    until = timer.deadline_at or timer.due_at
    return f"until {when(until)}" if until else "running"
