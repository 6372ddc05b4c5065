"""When a team works: open time added to an instant, and open time between two instants. The only file with time zones.

An instant is open when its local time lies in one of its weekday's intervals (from the start to before the end) and
its local date is no public holiday and not closed by hand. That one sentence also settles the days on which clocks
change: an hour that is skipped is not there to be worked, an hour that comes twice counts twice.

No calendar at all (`ALWAYS`) means around the clock. Public holidays come from the `holidays` library.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

import holidays

from storage.records import Calendar, Interval

ALWAYS: Final = None
"""The calendar of a team that works around the clock."""

HORIZON: Final = timedelta(days=3653)
"""How far `add` looks for open time: ten years. A budget that does not fit in there is due at its end."""

_DAY: Final = timedelta(days=1)
_SECOND: Final = timedelta(seconds=1)
_NOTHING: Final = timedelta()
_DAY_S: Final = _DAY.total_seconds()


def add(calendar: Calendar | None, start: datetime, seconds: float) -> datetime:
    """The instant (UTC) at which `seconds` of open time have passed since `start`.

    A start outside hours counts from the next opening; a budget that ends exactly at closing time is due at that
    closing, not at the next opening. Nothing at all, or less, is due at once when open, else at the next opening.
    """
    start = start.astimezone(UTC)
    budget = max(timedelta(seconds=seconds), _NOTHING)
    if calendar is None:
        return start + budget
    for opens_at, closes_at in _spans(calendar, start, start + HORIZON):
        if budget <= closes_at - opens_at:
            return opens_at + budget
        budget -= closes_at - opens_at
    return start + HORIZON


def between(calendar: Calendar | None, start: datetime, end: datetime) -> float:
    """Seconds of open time from `start` to `end`; none if `end` is not after `start`."""
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    if end <= start:
        return 0.0
    if calendar is None:
        return (end - start).total_seconds()
    return sum((closes_at - opens_at for opens_at, closes_at in _spans(calendar, start, end)), _NOTHING).total_seconds()


def day_seconds(calendar: Calendar | None) -> float:
    """The length of one working day: the mean open time of the week's days that have hours, holidays left out."""
    if calendar is None:
        return _DAY_S
    worked = [seconds for seconds in map(_open_seconds, calendar.hours) if seconds]
    return sum(worked) / len(worked) if worked else 0.0


def week_seconds(calendar: Calendar | None) -> float:
    """The open time of a week without holidays."""
    return 7 * _DAY_S if calendar is None else sum(map(_open_seconds, calendar.hours))


def local(calendar: Calendar | None, instant: datetime) -> datetime:
    """An instant in the calendar's zone; one without an offset is taken to be in that zone already."""
    zone = ZoneInfo(calendar.timezone) if calendar else UTC
    return instant.replace(tzinfo=zone) if instant.tzinfo is None else instant.astimezone(zone)


def working_days(calendar: Calendar | None, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The open stretches from `start` to `end` as local instants, in order; each begins on its own local day."""
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    held: tuple[datetime, datetime] | None = None
    for span in [(start, end)] if calendar is None else _spans(calendar, start, end):
        opens_at, closes_at = (local(calendar, instant) for instant in span)
        if held and span[0] == held[1].astimezone(UTC) and opens_at.date() == held[0].date():
            held = (held[0], closes_at)
            continue
        if held:
            yield held
        held = (opens_at, closes_at)
    if held:
        yield held


def why_closed(calendar: Calendar, day: date) -> str | None:
    """Why nobody works on a local day, in a few words, or None if they do."""
    if day in calendar.closed:
        return "closed by the calendar"
    name = _public_holidays(calendar.country, calendar.subdivision, day.year).get(day)
    if name:
        return f"public holiday: {name}"
    return None if calendar.hours[day.weekday()] else "no hours that day"


def _spans(calendar: Calendar, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Open stretches (UTC) that overlap `start` to `end`, cut to it, in order. None is empty."""
    zone = ZoneInfo(calendar.timezone)
    week = _week(calendar.hours)
    for since, until, offset in _steady_stretches(zone, start, end):
        day = (since + offset).date()
        last = (until + offset).date()
        while day <= last:
            if _is_working_day(calendar, day):
                midnight = datetime.combine(day, time(), UTC) - offset
                for opens, closes in week[day.weekday()]:
                    opens_at, closes_at = max(midnight + opens, since), min(midnight + closes, until)
                    if opens_at < closes_at:
                        yield opens_at, closes_at
            day += _DAY


def _steady_stretches(zone: ZoneInfo, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime, timedelta]]:
    """Cut `start` to `end` (UTC) into stretches of at most a day in which the zone's offset does not change."""
    since, offset = start, _offset(zone, start)
    while since < end:
        until = min(since + _DAY, end)
        after = _offset(zone, until)
        if after != offset:
            until = _change(zone, since, until)
            after = _offset(zone, until)
        yield since, until, offset
        since, offset = until, after


def _change(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The first instant with another offset than `before` has; changes happen on whole seconds."""
    offset = _offset(zone, before)
    low, high = before, after
    while high - low > _SECOND:
        middle = low + (high - low) // 2
        low, high = (middle, high) if _offset(zone, middle) == offset else (low, middle)
    return high.replace(microsecond=0)


def _offset(zone: ZoneInfo, instant: datetime) -> timedelta:
    return instant.astimezone(zone).utcoffset() or _NOTHING


def _is_working_day(calendar: Calendar, day: date) -> bool:
    if not calendar.hours[day.weekday()] or day in calendar.closed:
        return False
    return day not in _public_holidays(calendar.country, calendar.subdivision, day.year)


@lru_cache(maxsize=2048)
def _public_holidays(country: str | None, subdivision: str | None, year: int) -> dict[date, str]:
    if country is None:
        return {}
    return dict(holidays.country_holidays(country, subdiv=subdivision, years=year))


@lru_cache(maxsize=1024)
def _week(hours: tuple[tuple[Interval, ...], ...]) -> tuple[tuple[tuple[timedelta, timedelta], ...], ...]:
    """Per weekday the open stretches since midnight, sorted, with those that touch or overlap made one."""
    return tuple(_merged(day) for day in hours)


def _merged(day: tuple[Interval, ...]) -> tuple[tuple[timedelta, timedelta], ...]:
    merged: list[tuple[timedelta, timedelta]] = []
    for opens, closes in sorted((_since_midnight(i.start), _since_midnight(i.end)) for i in day):
        if merged and opens <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], closes))
        elif opens < closes:
            merged.append((opens, closes))
    return tuple(merged)


def _since_midnight(moment: time | None) -> timedelta:
    """None is the midnight at the day's end."""
    if moment is None:
        return _DAY
    return timedelta(hours=moment.hour, minutes=moment.minute, seconds=moment.second, microseconds=moment.microsecond)


def _open_seconds(day: tuple[Interval, ...]) -> float:
    return sum((closes - opens for opens, closes in _merged(day)), _NOTHING).total_seconds()
