"""Explanations of due times, in sentences and in one line."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slackapp.clocks.rules.explanation import explain, one_line
from storage.clocks.model import Calendar, Interval, SpecialDays

SPLIT = (Interval(start=time(9), end=time(12, 30)), Interval(start=time(13, 30), end=time(18)))
LATE = (Interval(start=time(22), end=None),)
BERLIN = Calendar(
    workspace="",
    key="berlin",
    timezone="Europe/Berlin",
    hours=(SPLIT,) * 5 + ((), ()),
    country="DE",
    subdivision="BE",
    closed=(date(2026, 11, 24), date(2026, 12, 24)),
    special=(SpecialDays(first=date(2026, 12, 23), last=date(2026, 12, 23), hours=SPLIT[:1]),),
)
NIGHTS = Calendar(workspace="", key="nights", timezone="Europe/Berlin", hours=(LATE,) * 7)


def berlin(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Berlin"))


# 2026-11-23 is a Monday.
@pytest.mark.parametrize(
    ("start", "minutes", "line"),
    [
        (
            "2026-11-23T16:30",
            120,
            "Mon 16:30–18:00 1 h 30 · Tue closed · Wed 09:00–09:30 30 min → Wed 09:30 (Europe/Berlin)",
        ),
        ("2026-11-23T11:00", 60, "Mon 11:00–12:00 1 h → Mon 12:00 (Europe/Berlin)"),
        ("2026-11-23T12:00", 65, "Mon 12:00–12:30, 13:30–14:05 1 h 05 → Mon 14:05 (Europe/Berlin)"),
        (
            "2026-11-20T20:00",
            30,
            "Fri outside hours · Sat–Sun closed · Mon 09:00–09:30 30 min → Mon 09:30 (Europe/Berlin)",
        ),
        (
            "2026-12-31T17:30",
            90,
            (
                "Thu 17:30–18:00 30 min · Fri New Year's Day · Sat–Sun closed · Mon 09:00–10:00 1 h → "
                "Mon 10:00 (Europe/Berlin)"
            ),
        ),
        (
            "2026-12-23T12:00",  # a half day
            31,
            (
                "Wed 12:00–12:30 30 min · Thu closed · Fri Christmas Day · Sat Second Day of Christmas · Sun closed · "
                "Mon 09:00–09:01 1 min → Mon 09:01 (Europe/Berlin)"
            ),
        ),
        ("2026-11-23T11:00", 0, "→ Mon 11:00 (Europe/Berlin)"),
        ("2026-11-22T11:00", 0, "Sun closed · Mon outside hours → Mon 09:00 (Europe/Berlin)"),
    ],
)
def test_each_day_has_its_part_of_the_line(start: str, minutes: int, line: str) -> None:
    assert one_line(BERLIN, berlin(start), minutes * 60) == line


def test_a_long_name_of_a_holiday_is_no_part_of_a_line() -> None:
    office = Calendar(
        workspace="", key="us", timezone="America/New_York", hours=(SPLIT[:1],) * 5 + ((), ()), country="US"
    )
    sunday = datetime(2027, 1, 17, 12, tzinfo=UTC)

    assert one_line(office, sunday, 60) == (
        "Sun closed · Mon holiday · Tue 09:00–09:01 1 min → Tue 09:01 (America/New_York)"
    )
    assert "Martin Luther King Jr. Day" in explain(office, sunday, 60)[1]


def test_a_long_span_is_told_by_its_first_days_a_count_and_its_last_day_with_their_dates() -> None:
    assert one_line(BERLIN, berlin("2026-11-23T16:30"), 12 * 8 * 3600) == (
        "Mon 23 Nov 16:30–18:00 1 h 30 · Tue 24 Nov closed · Wed 25 Nov 09:00–12:30, 13:30–18:00 8 h · "
        "Thu 26 Nov 09:00–12:30, 13:30–18:00 8 h · and 13 more days · Thu 10 Dec 09:00–12:30, 13:30–16:30 6 h 30 → "
        "Thu 10 Dec 16:30 (Europe/Berlin)"
    )


def test_a_week_later_the_same_weekday_has_its_date() -> None:
    assert one_line(NIGHTS, berlin("2026-11-20T22:30"), 13 * 3600).endswith("→ Thu 23:30 (Europe/Berlin)")
    assert one_line(NIGHTS, berlin("2026-11-20T22:30"), 14 * 3600).endswith("→ Fri 27 Nov 22:30 (Europe/Berlin)")


def test_a_day_that_is_worked_to_its_end_ends_at_24_and_is_the_last() -> None:
    assert one_line(NIGHTS, berlin("2026-11-20T23:00"), 3600) == ("Fri 23:00–24:00 1 h → Sat 00:00 (Europe/Berlin)")
    assert explain(NIGHTS, berlin("2026-11-20T23:00"), 3600) == (
        "Fri 20 Nov 2026: 23:00–24:00 counts 1h.",
        "That is Sat 21 Nov 2026 at 00:00 (Europe/Berlin).",
    )


def test_seconds_are_told_where_there_are_some() -> None:
    assert one_line(BERLIN, berlin("2026-11-23T10:00:20"), 3905) == (
        "Mon 10:00:20–11:05:25 1 h 05 min 5 s → Mon 11:05:25 (Europe/Berlin)"
    )
    assert one_line(BERLIN, berlin("2026-11-23T10:00"), 65).startswith("Mon 10:00–10:01:05 1 min 5 s →")
    assert one_line(BERLIN, berlin("2026-11-23T10:00"), 5).startswith("Mon 10:00–10:00:05 5 s →")


def test_wall_time_is_told_in_the_calendars_zone() -> None:
    friday = datetime(2026, 11, 20, 17, 30, tzinfo=UTC)

    told = one_line(BERLIN, friday, 24 * 3600, wall=True)

    assert told == "Fri 18:30 + 24 h around the clock → Sat 18:30 (Europe/Berlin)"
    assert explain(BERLIN, friday, 24 * 3600, wall=True)[-1] == "That is Sat 21 Nov 2026 at 18:30 (Europe/Berlin)."


def test_without_a_calendar_time_is_told_in_utc() -> None:
    friday = datetime(2026, 11, 20, 17, 30, tzinfo=UTC)

    assert one_line(None, friday, 24 * 3600) == "Fri 17:30 + 24 h around the clock → Sat 17:30 (UTC)"
    assert one_line(None, friday, 8 * 24 * 3600) == "Fri 20 Nov 17:30 + 192 h around the clock → Sat 28 Nov 17:30 (UTC)"
    assert explain(None, friday, 24 * 3600) == (
        "24h around the clock from Fri 20 Nov 2026 at 17:30.",
        "That is Sat 21 Nov 2026 at 17:30 (UTC).",
    )


@given(st.integers(0, 60 * 24 * 30), st.integers(1, 60 * 60))
def test_however_long_the_line_stays_one_line_of_a_few_parts(start: int, minutes: int) -> None:
    begun = datetime.fromtimestamp(1_795_000_000 + start * 60, UTC)

    line = one_line(BERLIN, begun, minutes * 60)

    assert line.count(" · ") <= 5
    assert line.count("→") == 1
    assert line.endswith("(Europe/Berlin)")
    assert len(line) < 300
