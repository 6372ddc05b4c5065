"""Timers in words: outcome or due time, time used, how the due time was calculated; and who used how much of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from slackapp.clocks.rules import explanation, timekeeping
from slackapp.clocks.rules.explanation import Closed, Counted
from slackapp.handoffs.model import HandoffDetails
from slackapp.handoffs.rules import custody
from slackapp.handoffs.rules.custody import CustodySpan
from slackapp.handoffs.views import wording
from slackapp.slack.block_kit import phrases
from slackapp.slack.block_kit.blocks import escape, when
from storage.clocks.model import OWN_CLOCKS, Calendar, ClockKind, Timer
from storage.handoffs.model import Custody

_ENDINGS: Final[Mapping[bool | None, str]] = {True: "met in {span}", False: "missed, took {span}", None: "cancelled"}
_SHORTEST_PAUSE_S: Final = 60


def line(timer: Timer, calendars: Mapping[str, Calendar], now: datetime) -> str:
    """One timer in words: its outcome or due time, then the numbers.

    Args:
        timer: running, paused or stopped.
        calendars: by key, those that the clocks go by.
        now: the present instant.
    """
    calendar = calendars.get(timer.calendar or "")
    name = f"*{wording.CLOCKS[timer.clock]}:* "
    if timer.clock in OWN_CLOCKS:
        return name + _own_clock(timer)
    numbers = ", ".join(part for part in (_used(timer, calendar, now), _paused(timer, now)) if part)
    return f"{name}{_state(timer, now)}, {numbers}"


def calculation(timer: Timer, calendars: Mapping[str, Calendar]) -> str:
    """How a running timer's due time comes about, a stretch of hours to a line; empty without one or counted time.

    Instants are in the reader's zone and clock. The days that do not count are those of the calendar.
    """
    calendar = calendars.get(timer.calendar or "")
    left_s = timer.target_s - timer.consumed_s
    if timer.running_since is None or timer.stopped_at is not None or timer.clock is ClockKind.NEEDED_BY or left_s <= 0:
        return ""
    used = [f"{phrases.span(timer.consumed_s)} used before"] if timer.consumed_s >= _SHORTEST_PAUSE_S else []
    parts = explanation.parts(calendar, timer.running_since, left_s, wall=timer.wall)
    by_hours = calendar is not None and not timer.wall
    lead = f"Working hours in {escape(explanation.zone_name(calendar))}" if by_hours else "Around the clock"
    end = f"Total {phrases.span(timer.target_s)}{f', until {when(timer.deadline_at)}' if timer.deadline_at else ''}"
    return "\n".join([f"{lead}:", *(f"• {one}" for one in [*used, *map(_part, parts)]), end])


def _part(part: Counted | Closed) -> str:
    if isinstance(part, Closed):
        return f"{part.days}: {escape(part.why)}"
    return f"{when(part.since)} to {when(part.until)}: {phrases.span(part.until - part.since)}"


def _state(timer: Timer, now: datetime) -> str:
    if timer.stopped_at is not None:
        return f"{_ENDINGS[timer.met].format(span=phrases.span(timer.consumed_s))}, {when(timer.stopped_at)}"
    late = timer.deadline_at is not None and now > timer.deadline_at
    if timer.running_since is None:
        return "paused, late" if late else "paused"
    if timer.deadline_at is None:
        return "running"
    if late:
        return f"late since {when(timer.deadline_at)} ({phrases.span(now - timer.deadline_at)})"
    by = "" if timer.clock is ClockKind.NEEDED_BY else "by "
    return f"{by}{when(timer.deadline_at)} (in {phrases.span(timer.deadline_at - now)})"


def _used(timer: Timer, calendar: Calendar | None, now: datetime) -> str:
    target = phrases.span(timer.target_s)
    if timer.clock is ClockKind.NEEDED_BY:
        return "a fixed time"
    if timer.stopped_at is not None:
        return f"target {target}"
    used_s = timekeeping.consumed(timer, calendar, now)
    return f"{phrases.span(used_s)} used of {target}"


def _paused(timer: Timer, now: datetime) -> str:
    since = timer.paused_at if timer.running_since is None and timer.stopped_at is None else None
    still_s = timer.paused_s + ((now - since).total_seconds() if since else 0)
    return f"paused {phrases.span(still_s)}" if still_s >= _SHORTEST_PAUSE_S else ""


def _own_clock(timer: Timer) -> str:
    """One of Baton's own timers: a snooze, or the wait for an answer; neither is met or missed."""
    if timer.stopped_at is not None:
        return f"over, {when(timer.stopped_at)}"
    until = timer.deadline_at or timer.due_at
    return f"until {when(until)}" if until else "running"


def ownership_history(details: HandoffDetails, now: datetime) -> list[str]:
    """Each span of accountability, one line each, with the share of the clock that it used."""
    return [_stretch(details, one, now) for one in details.custody]


def _stretch(details: HandoffDetails, entry: Custody, now: datetime) -> str:
    span = custody.measure(custody.span_of(entry), details.clocks, details.calendars, now)
    until = f"to {when(entry.until)}" if entry.until else "until now"
    length = f"{phrases.span(span.length(now))}{_share(span, ', {}')}"
    answers = f"{wording.who(details, entry.accountable)}{_capacity(details, entry)}"
    return f"{answers}, {when(entry.since)} {until} ({length})"


def _capacity(details: HandoffDetails, entry: Custody) -> str:
    """The capacity in which somebody was accountable."""
    if entry.owner and entry.owner != entry.accountable:
        return f", while {wording.who(details, entry.owner)} owned it"
    if entry.owner:
        return " as owner"
    return "" if entry.accountable.startswith("queue:") else " as sender"


def _share(span: CustodySpan, form: str = " ({})") -> str:
    """The used share of the clock in words; empty without a clock or if it is negligible."""
    if span.share is None or span.target_s is None or not round(span.share * 100):
        return ""
    whole = "the claim time" if span.clock is ClockKind.CLAIM else phrases.span(span.target_s)
    return form.format(f"{round(span.share * 100)}% of {whole}")
