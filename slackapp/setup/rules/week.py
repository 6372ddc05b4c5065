"""Working hours as set-up edits them: the hours of some weekdays at a time, and single days."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Final

from slackapp.clocks.rules import calendars
from storage.clocks.model import WEEKDAYS, Calendar, Interval, SpecialDays

Hours = tuple[Interval, ...]

USUAL_DAYS: Final = ("mon", "tue", "wed", "thu", "fri")
USUAL_HOURS: Final = (Interval(start=time(9), end=time(17)),)
_MIDNIGHT: Final = time()
_DAY: Final = timedelta(days=1)


def interval(start: time, end: time) -> Interval:
    """Hours from one time of day to another; an end at 0:00 is midnight at the end of the day."""
    return Interval(start=start, end=None if end == _MIDNIGHT else end)


def with_days(calendar: Calendar, days: Iterable[str], hours: Sequence[Interval]) -> Calendar:
    """The calendar with these hours on these weekdays (`mon`); no hours mean that the days are off."""
    chosen = {WEEKDAYS.index(day) for day in days if day in WEEKDAYS}
    week = tuple(tuple(hours) if day in chosen else had for day, had in enumerate(calendar.hours))
    return replace(calendar, hours=week)


def runs(calendar: Calendar) -> list[tuple[int, int, Hours]]:
    """The week as runs of neighbouring days with equal hours: first day, last day, hours; days off have none."""
    found: list[tuple[int, int, Hours]] = []
    for day, hours in enumerate(calendar.hours):
        if found and found[-1][2] == hours:
            found[-1] = (found[-1][0], day, hours)
        else:
            found.append((day, day, hours))
    return found


def usual(calendar: Calendar) -> tuple[tuple[str, ...], Hours]:
    """The weekdays that share the most common hours, and those hours; for a form's first values."""
    worked = [hours for hours in calendar.hours if hours]
    if not worked:
        return USUAL_DAYS, USUAL_HOURS
    common = max(worked, key=worked.count)
    return tuple(WEEKDAYS[n] for n, hours in enumerate(calendar.hours) if hours == common), common


def with_closed(calendar: Calendar, first: date, last: date) -> Calendar:
    """The calendar closed from one day to another, both included."""
    added = {first + n * _DAY for n in range((last - first).days + 1)}
    return replace(calendar, closed=tuple(sorted({*calendar.closed, *added})))


def with_special(calendar: Calendar, first: date, last: date, hours: Sequence[Interval]) -> Calendar:
    """The calendar with hours of their own on these days, in place of what was said of the same days before."""
    own = SpecialDays(first=first, last=last, hours=tuple(hours))
    others = [one for one in calendar.special if (one.first, one.last) != (first, last)]
    return replace(calendar, special=tuple(sorted((*others, own), key=lambda one: (one.first, one.last))))


def without_days(calendar: Calendar, first: date, last: date) -> Calendar:
    """The calendar without what was said of these days: closed ones, and hours of exactly these days."""
    closed = tuple(day for day in calendar.closed if not first <= day <= last)
    special = tuple(one for one in calendar.special if (one.first, one.last) != (first, last))
    return replace(calendar, closed=closed, special=special)


def coming_holidays(calendar: Calendar, today: date, most: int) -> list[tuple[date, str]]:
    """The next public holidays of a calendar within a year, with their names, at most so many."""
    if calendar.country is None:
        return []
    until = today + timedelta(days=365)
    found: dict[date, str] = {}
    for year in (today.year, today.year + 1):
        found |= calendars.public_holidays(calendar.country, calendar.subdivision, year, calendar.categories)
    return sorted((day, name) for day, name in found.items() if today <= day < until)[:most]
