"""Public holidays have English names, whatever the Python version and the language of the machine."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from typing import Final

import holidays
import pytest

from slackapp.clocks.rules.calendars import public_holiday
from storage.clocks.model import Calendar

COUNTRIES: Final = tuple(sorted(holidays.list_supported_countries(include_aliases=False)))
_PRINTED: Final = """
from tests.clocks.test_public_holidays import named_everywhere
print(named_everywhere())
"""


def a_calendar(country: str, subdivision: str | None = None) -> Calendar:
    return Calendar(workspace="T1", key="office", timezone="UTC", hours=(), country=country, subdivision=subdivision)


def named_everywhere() -> str:
    """The public holidays of every country in one year, as text."""
    days = {country: holidays.country_holidays(country, years=2027, language="none").keys() for country in COUNTRIES}
    named = [f"{country} {day} {public_holiday(a_calendar(country), day)}" for country in days for day in days[country]]
    return ascii(sorted(named))


@pytest.mark.parametrize(
    ("country", "subdivision", "day", "name"),
    [
        ("DE", "BE", date(2027, 3, 8), "Women's Day"),  # English beside the country's own language
        ("CH", "ZH", date(2027, 8, 2), None),
        ("CH", "ZH", date(2027, 12, 25), "Christmas Day"),  # a country with four languages
        ("GB", None, date(2027, 12, 27), "Christmas Day (observed)"),  # its own English
        ("HK", None, date(2027, 10, 1), "National Day"),
        ("NZ", None, date(2027, 2, 6), "Waitangi Day"),  # English without any translation
    ],
)
def test_public_holidays_have_english_names(country: str, subdivision: str | None, day: date, name: str | None) -> None:
    assert public_holiday(a_calendar(country, subdivision), day) == name


@pytest.mark.parametrize("spoken", ["C", "de_DE.UTF-8", "th_TH.UTF-8"])
def test_the_language_of_the_machine_changes_no_name_of_a_holiday(spoken: str) -> None:
    told = {**os.environ, "LANG": spoken, "LC_ALL": spoken, "LC_MESSAGES": spoken, "LANGUAGE": spoken.partition("_")[0]}
    command = [sys.executable, "-c", _PRINTED]
    there = subprocess.run(command, env=told, capture_output=True, text=True, check=True, timeout=60)

    assert there.stdout.strip() == named_everywhere()
    assert len(COUNTRIES) > 200
