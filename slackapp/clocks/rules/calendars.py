"""Open hours of a local day: weekdays, public holidays, and a calendar's special days. No time zones.

The first rule that applies wins:

1. a single day with hours of its own has exactly those, whatever weekday or holiday it is: a half day, an extra day;
2. a day closed by hand and a public holiday are closed;
3. a weekday without hours is closed;
4. a range of days with hours of their own (summer hours) gives those to the days that are left;
5. every other day has its weekday's hours.

Public holidays come from the `holidays` library, with their names in English.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Final

import holidays

from storage.clocks.model import Calendar, Interval, SpecialDays

Hours = tuple[tuple[timedelta, timedelta], ...]
"""Open stretches of a day, as times since midnight: sorted, none empty, none touching another."""

_DAY: Final = timedelta(days=1)
_NOTHING: Final = timedelta()
_DAY_S: Final = _DAY.total_seconds()


@dataclass(frozen=True, kw_only=True, eq=False)
class Timetable:
    """A calendar prepared for fast look-ups by day."""

    calendar: Calendar
    week: tuple[Hours, ...]
    single: Mapping[date, Hours]
    ranges: tuple[tuple[SpecialDays, Hours], ...]
    closed: frozenset[date]

    def hours(self, day: date) -> Hours:
        """Open hours of a local day; empty if it is closed."""
        if day in self.single:
            return self.single[day]
        usual = self.week[day.weekday()]
        if not usual or day in self.closed or public_holiday(self.calendar, day):
            return ()
        return next((hours for days, hours in self.ranges if days.first <= day <= days.last), usual)


@lru_cache(maxsize=256)
def timetable(calendar: Calendar) -> Timetable:
    """Prepare a calendar for look-ups by day; cached."""
    special = [(days, _merged(days.hours)) for days in calendar.special]
    return Timetable(
        calendar=calendar,
        week=tuple(map(_merged, calendar.hours)),
        single={days.first: hours for days, hours in special if days.single},
        ranges=tuple((days, hours) for days, hours in special if not days.single),
        closed=frozenset(calendar.closed),
    )


def why_closed(calendar: Calendar, day: date) -> str | None:
    """Short reason why a local day is closed, or None if it is open."""
    table = timetable(calendar)
    if table.hours(day):
        return None
    if day in table.closed:
        return "closed by the calendar"
    name = public_holiday(calendar, day)
    return f"public holiday: {name}" if name else "no hours that day"


def public_holiday(calendar: Calendar, day: date) -> str | None:
    """Name of the public holiday on a day in the calendar's country and subdivision, or None."""
    found = public_holidays(calendar.country, calendar.subdivision, day.year, calendar.categories)
    return found.get(day)


def working_day_s(calendar: Calendar | None) -> float:
    """Seconds of one working day: the mean open time of the week's days that have hours.

    Holidays and days with hours of their own are left out.
    """
    if calendar is None:
        return _DAY_S
    worked = [seconds for seconds in map(_seconds, timetable(calendar).week) if seconds]
    return sum(worked) / len(worked) if worked else 0.0


def week_s(calendar: Calendar | None) -> float:
    """Seconds of open time in a week without holidays or special days."""
    return 7 * _DAY_S if calendar is None else sum(map(_seconds, timetable(calendar).week))


def overlap(hours: Iterable[Interval]) -> bool:
    """Whether some of a day's intervals overlap."""
    in_order = sorted((_since_midnight(one.start), _since_midnight(one.end)) for one in hours)
    return any(later[0] < earlier[1] for earlier, later in pairwise(in_order))


@lru_cache(maxsize=2048)
def public_holidays(
    country: str | None, subdivision: str | None, year: int, categories: tuple[str, ...] = ()
) -> Mapping[date, str]:
    """Names of a year's public holidays in a country or one of its subdivisions, by day; cached."""
    if country is None:
        return {}
    language = _language(country)
    return dict(
        holidays.country_holidays(
            country, subdiv=subdivision, years=year, language=language, categories=categories or None
        )
    )


def _language(country: str) -> str | None:
    """The language of a country's holiday names: its English if the library has one, else its own.

    Without a language the library goes by `LANG`, and by what each Python version makes of it.
    """
    known = holidays.country_holidays(country)
    own = known.default_language
    if own is None or own.startswith("en"):
        return own
    english = sorted(language for language in known.supported_languages if language.startswith("en"))
    return f"en_{country}" if f"en_{country}" in english else next(iter(english), own)


def _merged(day: tuple[Interval, ...]) -> Hours:
    merged: list[tuple[timedelta, timedelta]] = []
    for opens, closes in sorted((_since_midnight(i.start), _since_midnight(i.end)) for i in day):
        if merged and opens <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], closes))
        elif opens < closes:
            merged.append((opens, closes))
    return tuple(merged)


def _since_midnight(moment: time | None) -> timedelta:
    """Time since midnight; None is the midnight at the day's end."""
    if moment is None:
        return _DAY
    return timedelta(hours=moment.hour, minutes=moment.minute, seconds=moment.second, microseconds=moment.microsecond)


def _seconds(hours: Hours) -> float:
    return sum((closes - opens for opens, closes in hours), _NOTHING).total_seconds()
