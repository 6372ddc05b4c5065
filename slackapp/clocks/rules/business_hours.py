"""Arithmetic with a team's open time: add to an instant, subtract from one, measure between two. Handles time zones.

An instant is open when its local time lies in one of the intervals of its local date (from the start to before the
end); `calendars` says which intervals a date has. This also settles the days on which clocks change: an hour
that is skipped cannot be worked, an hour that comes twice counts twice.

No calendar at all (`ALWAYS`) means around the clock. The cost is bounded: calendars are worked out in cached blocks of
two weeks, and whole blocks are skipped by their sum.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from slackapp.clocks.rules.calendars import Timetable, timetable
from storage.clocks.model import Calendar

ALWAYS: Final = None
"""The calendar of a team that works around the clock."""

HORIZON: Final = timedelta(days=36525)
"""How far ahead or back open time is looked for: a hundred years. A longer budget ends at the horizon."""

Span = tuple[datetime, datetime]
"""An open stretch, from its first instant to before its second; never empty."""

_FIRST: Final = datetime(1000, 1, 1, tzinfo=UTC)
_LAST: Final = datetime(9000, 1, 1, tzinfo=UTC)
"""No calendar is open before `_FIRST` or after `_LAST`."""

_EPOCH: Final = datetime(1970, 1, 5, tzinfo=UTC)
_BLOCK: Final = timedelta(weeks=2)
_MOST_BLOCKS: Final = 300
"""Blocks of one calendar that are cached: more than eleven years."""
_DAY: Final = timedelta(days=1)
_SECOND: Final = timedelta(seconds=1)
_NOTHING: Final = timedelta()


def add(calendar: Calendar | None, start: datetime, seconds: float) -> datetime:
    """The earliest instant (UTC) at which `seconds` of open time have passed since `start`.

    A start outside hours counts from the next opening; a budget that ends exactly at closing time is due at that
    closing, not at the next opening. Nothing at all, or less, is due at once when open, else at the next opening.

    `between(start, add(start, s)) == s` for every `s` from 0 on, to the microsecond.
    """
    start = start.astimezone(UTC)
    budget = max(timedelta(seconds=seconds), _NOTHING)
    if calendar is None:
        return start + min(budget, _LAST - start)
    end = _later(start)
    for block in _blocks(calendar, start, end):
        if block.total < budget:
            budget -= block.total
            continue
        for opens_at, closes_at in block.spans:
            if budget <= closes_at - opens_at:
                return opens_at + budget
            budget -= closes_at - opens_at
    return end


def subtract(calendar: Calendar | None, end: datetime, seconds: float) -> datetime:
    """The latest instant (UTC), not after `end`, from which `seconds` of open time pass until `end`.

    It is inside hours or at an opening, never at a closing; nothing at all, or less, gives `end` itself.

    `between(subtract(end, s), end) == s` for every `s` from 0 on, to the microsecond, where there is that much open
    time before `end`. `add(subtract(end, s), s) == end` for every `s` above 0 where `end` is inside hours or at a
    closing; where it is at an opening or outside hours the sum is the last closing before it.
    """
    end = end.astimezone(UTC)
    budget = timedelta(seconds=seconds)
    if budget <= _NOTHING:
        return end
    if calendar is None:
        return end - min(budget, end - _FIRST)
    start = _earlier(end)
    for block in _blocks(calendar, start, end, backwards=True):
        if block.total < budget:
            budget -= block.total
            continue
        for opens_at, closes_at in reversed(block.spans):
            if budget <= closes_at - opens_at:
                return closes_at - budget
            budget -= closes_at - opens_at
    return start


def between(calendar: Calendar | None, start: datetime, end: datetime) -> float:
    """Seconds of open time from `start` to `end`; 0 if `end` is not after `start`."""
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    if end <= start:
        return 0.0
    if calendar is None:
        return (end - start).total_seconds()
    return sum((block.total for block in _blocks(calendar, start, end)), _NOTHING).total_seconds()


def opens_at(calendar: Calendar | None, instant: datetime) -> datetime:
    """The instant itself (UTC) if it is open, else the next opening; the end of the horizon if there is none."""
    return add(calendar, instant, 0)


def next_opening(calendar: Calendar | None, instant: datetime) -> datetime:
    """The first instant (UTC) after `instant` at which a local day begins to be worked.

    Reopening after a lunch break does not count. Around the clock a day begins at midnight. Returns the end of the
    horizon if the calendar never opens again.
    """
    instant = instant.astimezone(UTC)
    end = _later(instant)
    if calendar is None:
        return datetime.combine(instant.date() + _DAY, time(), UTC)
    seen: set[date] = set()
    for first, _ in _spans(calendar, instant - 2 * _DAY, end):
        day = to_local(calendar, first).date()
        if first > instant and day not in seen:
            return first
        seen.add(day)
    return end


def in_zone(calendar: Calendar, timezone: str | None) -> Calendar:
    """The calendar with the same hours in another time zone; unchanged if there is no such zone."""
    return replace(calendar, timezone=timezone) if timezone and _is_zone(timezone) else calendar


def to_local(calendar: Calendar | None, instant: datetime) -> datetime:
    """Convert an instant to the calendar's time zone; one without an offset is taken to be in it already."""
    zone = ZoneInfo(calendar.timezone) if calendar else UTC
    return instant.replace(tzinfo=zone) if instant.tzinfo is None else instant.astimezone(zone)


def local_open_stretches(calendar: Calendar | None, start: datetime, end: datetime) -> Iterator[Span]:
    """Yield the open stretches from `start` to `end` in local time, in order; none spans two local days."""
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    held: Span | None = None
    for span in [(start, end)] if calendar is None else _spans(calendar, start, end):
        opens, closes = (to_local(calendar, instant) for instant in span)
        if held and span[0] == held[1].astimezone(UTC) and opens.date() == held[0].date():
            held = (held[0], closes)
            continue
        if held:
            yield held
        held = (opens, closes)
    if held:
        yield held


class _Block(NamedTuple):
    """The open stretches of two weeks (UTC), in order, and their sum."""

    spans: tuple[Span, ...]
    total: timedelta

    def within(self, start: datetime, end: datetime) -> _Block:
        """The part of the block from `start` to `end`."""
        first = max(bisect_left(self.spans, (start,)) - 1, 0)
        last = bisect_left(self.spans, (end,))
        cut = ((max(opens, start), min(closes, end)) for opens, closes in self.spans[first:last])
        return _block((opens, closes) for opens, closes in cut if opens < closes)


class _Opening:
    """Cache of a calendar's blocks, worked out on first use. Block 0 begins on 5 January 1970."""

    def __init__(self, table: Timetable) -> None:
        self._table = table
        self._zone = ZoneInfo(table.calendar.timezone)
        self._known: dict[int, _Block] = {}

    def block(self, number: int) -> _Block:
        """The block with this number, from the cache or worked out."""
        found = self._known.get(number)
        if found is None:
            if len(self._known) >= _MOST_BLOCKS:
                self._known.clear()
            start = _EPOCH + number * _BLOCK
            found = self._known[number] = _block(_worked(self._table, self._zone, start, start + _BLOCK))
        return found


@lru_cache(maxsize=256)
def _opening(calendar: Calendar) -> _Opening:
    return _Opening(timetable(calendar))


def _blocks(calendar: Calendar, start: datetime, end: datetime, *, backwards: bool = False) -> Iterator[_Block]:
    """Yield the open time from `start` to `end` block by block; the first and the last are cut to the range."""
    start, end = max(start, _FIRST), min(end, _LAST)
    if end <= start:
        return
    opening = _opening(calendar)
    first, last = (start - _EPOCH) // _BLOCK, (end - _EPOCH) // _BLOCK
    for number in range(last, first - 1, -1) if backwards else range(first, last + 1):
        block = opening.block(number)
        yield block.within(start, end) if number in {first, last} else block


def _spans(calendar: Calendar, start: datetime, end: datetime) -> Iterator[Span]:
    """Yield the open stretches (UTC) that overlap `start` to `end`, cut to the range, in order."""
    for block in _blocks(calendar, start, end):
        yield from block.spans


def _block(spans: Iterable[Span]) -> _Block:
    listed = tuple(spans)
    return _Block(listed, sum((closes - opens for opens, closes in listed), _NOTHING))


def _worked(table: Timetable, zone: ZoneInfo, start: datetime, end: datetime) -> Iterator[Span]:
    """Work out the open stretches from `start` to `end`, day by day."""
    for since, until, offset in _steady_stretches(zone, start, end):
        day, last = (since + offset).date(), (until + offset).date()
        while day <= last:
            midnight = datetime.combine(day, time(), UTC) - offset
            for opens, closes in table.hours(day):
                span = max(midnight + opens, since), min(midnight + closes, until)
                if span[0] < span[1]:
                    yield span
            day += _DAY


def _steady_stretches(zone: ZoneInfo, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime, timedelta]]:
    """Cut `start` to `end` (UTC) where the zone's offset changes; the offset is checked once a day."""
    since, offset = start, _offset(zone, start)
    until = start
    while until < end:
        before, until = until, min(until + _DAY, end)
        after = _offset(zone, until)
        if after != offset:
            until = _change(zone, before, until)
            yield since, until, offset
            since, offset = until, _offset(zone, until)
    yield since, end, offset


def _change(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """Find the first instant with another offset than `before` has; changes happen on whole seconds."""
    offset = _offset(zone, before)
    low, high = before, after
    while high - low > _SECOND:
        middle = low + (high - low) // 2
        low, high = (middle, high) if _offset(zone, middle) == offset else (low, middle)
    return high.replace(microsecond=0)


def _offset(zone: ZoneInfo, instant: datetime) -> timedelta:
    return instant.astimezone(zone).utcoffset() or _NOTHING


def _later(start: datetime) -> datetime:
    return min(start, _LAST - HORIZON) + HORIZON


def _earlier(end: datetime) -> datetime:
    return max(end, _FIRST + HORIZON) - HORIZON


@lru_cache(maxsize=1024)
def _is_zone(timezone: str) -> bool:
    try:
        ZoneInfo(timezone)
    except (KeyError, ValueError, OSError):
        return False
    return True
