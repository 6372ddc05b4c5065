"""A calendar of a country without a subdivision: warned of the days on which most of its regions close."""

from __future__ import annotations

from datetime import date
from typing import Final

import pytest

from slackapp.clocks.rules.calendars import public_holiday
from slackapp.company.rules.read import read
from slackapp.company.rules.write import write
from slackapp.yaml_files.problems import ConfigurationError
from storage.clocks.policy_json import calendar_from_json, calendar_to_json

TODAY: Final = date(2026, 11, 28)
OFFICE: Final = "mon-fri: ['09:00-17:00']"
BRAZILS: Final = "Write one of optional, public."
BRAZIL: Final = "country: BR, subdivision: SP, categories: [public, optional]"


def a_file(holidays: str, hours: str = OFFICE, days: str = "") -> str:
    return f"""version: 1
calendars:
  - key: a
    timezone: Europe/London
    hours: {{{hours}}}
    holidays: {{{holidays}}}
    days: {{{days}}}
"""


def notices(holidays: str, hours: str = OFFICE, days: str = "") -> list[str]:
    return [str(notice) for notice in read(a_file(holidays, hours, days), TODAY).notices]


def test_the_days_on_which_most_regions_close_are_named_with_what_to_do() -> None:
    (notice,) = notices("country: GB")

    assert notice == (
        "line 6, calendars[0].holidays: Most regions of GB have holidays that are working days in this calendar: "
        "Easter Monday "
        "(2026-04-06, 2027-03-29), Late Summer Bank Holiday (2026-08-31, 2027-08-30). Name a subdivision (ENG, NIR, "
        "SCT, WLS), or add the days to dates."
    )


def test_of_many_days_and_regions_a_few_are_named() -> None:
    (notice,) = notices("country: AU")

    assert "ANZAC Day (2027-04-26) and 1 more. Name a subdivision (ACT, NSW, NT, QLD, SA, TAS …)" in notice


@pytest.mark.parametrize(
    "holidays",
    [
        "country: GB, subdivision: SCT",
        "country: SG",  # without subdivisions
        "country: US",  # most states close on no other day
        "country: DE",  # Reformation Day is at a weekend in both years
        "country: GB, dates: ['2026-04-06', '2027-03-29', '2026-08-31', '2027-08-30']",
        "dates: ['2026-04-06']",
    ],
)
def test_a_calendar_that_misses_no_day_brings_no_warning(holidays: str) -> None:
    assert notices(holidays) == []


def test_a_day_that_is_not_worked_or_has_hours_of_its_own_is_not_named() -> None:
    assert notices("country: GB", hours="tue-fri: ['09:00-17:00']") == []
    (notice,) = notices("country: GB", days="2026-04-06: ['09:00-12:00']")
    assert "Easter Monday (2027-03-29)." in notice


def test_named_categories_close_more_than_the_public_holidays() -> None:
    (public,) = read(a_file("country: BR, subdivision: SP")).company.calendars
    (more,) = read(a_file(BRAZIL)).company.calendars

    carnival = [date(2026, 2, 16), date(2026, 2, 17)]
    assert [public_holiday(public, day) for day in carnival] == [None, None]
    assert [public_holiday(more, day) for day in carnival] == ["Carnival", "Carnival"]
    assert public_holiday(more, date(2026, 9, 7)) == "Independence Day"


def test_categories_are_exported_and_stored() -> None:
    company = read(a_file(BRAZIL)).company
    (calendar,) = company.calendars

    assert read(write(company)).company == company
    assert calendar.categories == ("optional", "public")
    assert calendar_from_json("", "a", calendar_to_json(calendar)) == calendar


def test_a_calendar_without_categories_is_stored_as_before() -> None:
    (calendar,) = read(a_file("country: BR")).company.calendars

    assert "categories" not in calendar_to_json(calendar)


@pytest.mark.parametrize(
    ("holidays", "told"),
    [
        (
            "country: BR, categories: [optionl, public, ball]",
            [
                f'[0]: "optionl" is not a category of holidays in BR. Did you mean "optional"? {BRAZILS}',
                f'[2]: "ball" is not a category of holidays in BR. {BRAZILS}',
            ],
        ),
        (
            "country: GB, categories: optional",
            [': "optional" is not a category of holidays in GB. The only one is public.'],
        ),
        ("categories: [public]", [": have no country. Name their country beside them."]),
        ("country: BR, categories: []", [": lists nothing. Name at least one value, or leave the line out."]),
    ],
)
def test_categories_that_the_country_does_not_have_are_listed(holidays: str, told: list[str]) -> None:
    with pytest.raises(ConfigurationError) as refused:
        read(a_file(holidays))

    place = "line 6, calendars[0].holidays.categories"
    assert [str(problem) for problem in refused.value.problems] == [place + one for one in told]
