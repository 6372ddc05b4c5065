"""Warnings about calendars that name a country without a subdivision and so miss days on which most regions close."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final

import holidays

from slackapp.clocks.rules import calendars
from slackapp.company.model import Company
from slackapp.yaml_files.problems import Problem
from storage.clocks.model import Calendar

_MOST_NAMED: Final = 4
_MOST_LISTED: Final = 6


def notices(company: Company, today: date) -> Iterator[Problem]:
    """One warning for each calendar that works on days when most regions of its country close, this year or next."""
    for n, calendar in enumerate(company.calendars):
        if calendar.country is None or calendar.subdivision is not None:
            continue
        regions = holidays.country_holidays(calendar.country).subdivisions
        missed = _missed(calendar, regions, (today.year, today.year + 1))
        if missed:
            yield Problem(
                place=("calendars", n, "holidays"),
                what=f"Most regions of {calendar.country} have holidays that are working days in this calendar: "
                f"{_named(missed)}.",
                fix=f"Name a subdivision ({_examples(regions)}), or add the days to dates.",
            )


def _missed(calendar: Calendar, regions: Sequence[str], years: tuple[int, ...]) -> Mapping[date, str]:
    """Days that this calendar works and more than half of the regions do not, each with its usual name.

    A single date with hours of its own is left out: somebody decided that it is worked.
    """
    table = calendars.timetable(calendar)
    names: dict[date, Counter[str]] = {}
    for region in regions:
        for year in years:
            found = calendars.public_holidays(calendar.country, region, year, calendar.categories)
            for day, name in found.items():
                names.setdefault(day, Counter())[name] += 1
    return {
        day: counted.most_common(1)[0][0]
        for day, counted in sorted(names.items())
        if 2 * counted.total() > len(regions) and day not in table.single and table.hours(day)
    }


def _named(missed: Mapping[date, str]) -> str:
    """The first few holidays, each with its dates, and how many are left."""
    dates: dict[str, list[str]] = {}
    for day, name in missed.items():
        dates.setdefault(name, []).append(day.isoformat())
    named = [f"{name} ({', '.join(days)})" for name, days in dates.items()]
    left = len(named) - _MOST_NAMED
    return ", ".join(named[:_MOST_NAMED]) + (f" and {left} more" if left > 0 else "")


def _examples(regions: Sequence[str]) -> str:
    return ", ".join(regions[:_MOST_LISTED]) + (" …" if len(regions) > _MOST_LISTED else "")
