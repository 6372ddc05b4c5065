"""Dates in a configuration file: single dates, ranges of dates, and hours of their own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from itertools import combinations
from typing import Any, Final

from slackapp.clocks.rules import calendars
from slackapp.yaml_files.problems import WrongValueError
from slackapp.yaml_files.scalars import text
from storage.clocks.model import Interval

Days = tuple[date, date]
"""The first and the last day, both included; equal for a single day."""

_DAY: Final = timedelta(days=1)
_LONGEST_DAYS: Final = 2 * 366
_YEARS: Final = (1970, 2999)
_DOTS: Final = ".."


def days(written: Any) -> Days:
    """One day, `2026-12-24`, or a range of days, `2026-12-27..2027-01-01`.

    Raises:
        WrongValueError: not a date or a range, or a range that is reversed or too long.
    """
    first_text, dots, last_text = text(written).partition(_DOTS)
    first = _date(first_text)
    if not dots:
        return first, first
    last = _date(last_text)
    if last < first:
        raise WrongValueError(f'"{written}" ends before it begins.', f"Write {last}{_DOTS}{first}.")
    if last == first:
        raise WrongValueError(f'"{written}" is a range of one day.', f"Write {first}.")
    if (last - first).days >= _LONGEST_DAYS:
        raise WrongValueError(f'"{written}" is longer than two years.', "Write a shorter range, or change the hours.")
    return first, last


def format_days(first: date, last: date) -> str:
    """Days in the format that `days` reads."""
    return first.isoformat() if first == last else f"{first}{_DOTS}{last}"


def dates(ranges: Iterable[Days]) -> tuple[date, ...]:
    """Every day of these ranges, once, in order."""
    return tuple(sorted({first + n * _DAY for first, last in ranges for n in range((last - first).days + 1)}))


def ranges(days_in_order: Iterable[date]) -> list[str]:
    """Sorted days as the file lists them, with consecutive days as a range."""
    runs: list[Days] = []
    for day in days_in_order:
        if runs and day - runs[-1][1] == _DAY and (day - runs[-1][0]).days < _LONGEST_DAYS:
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    return [format_days(first, last) for first, last in runs]


def each_day_once(written: Any) -> Any:
    """A mapping that names no day twice, unchanged. A single day inside a range is an exception to it.

    Raises:
        WrongValueError: a day is named twice.
    """
    named = list(_readable(written) if isinstance(written, Mapping) else ())
    for one, other in combinations(named, 2):
        alike = (one[0] == one[1]) is (other[0] == other[1])
        if alike and one[0] <= other[1] and other[0] <= one[1]:
            what = f"names {format_days(max(one[0], other[0]), min(one[1], other[1]))} twice."
            raise WrongValueError(what, "Name each day once; a single day within a range is an exception to it.")
    return written


def worked_hours(hours: tuple[Interval, ...]) -> tuple[Interval, ...]:
    """The hours of days that have their own: at least one interval, and none that overlap.

    Raises:
        WrongValueError: there are no hours, or some overlap.
    """
    if not hours:
        raise WrongValueError("has no hours.", "If it is a day off, put it under holidays.dates.")
    if calendars.overlap(hours):
        raise WrongValueError("has hours that overlap.", "Write them one after the other.")
    return tuple(sorted(hours, key=lambda one: one.start))


def _readable(written: Mapping[Any, Any]) -> Iterator[Days]:
    for one in written:
        try:
            yield days(one)
        except WrongValueError:
            continue  # reported where it stands


def _date(written: str) -> date:
    try:
        day = date.fromisoformat(written.strip())
    except ValueError:
        fix = "Write it like 2026-12-24. A range of days is 2026-12-27..2027-01-01."
        raise WrongValueError(f'"{written.strip()}" is not a date.', fix) from None
    if not _YEARS[0] <= day.year <= _YEARS[1]:
        raise WrongValueError(f'"{written.strip()}" is too far away.', f"Write a year from {_YEARS[0]} to {_YEARS[1]}.")
    return day
