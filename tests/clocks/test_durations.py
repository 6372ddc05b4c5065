"""Parsing and formatting of durations."""

from __future__ import annotations

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slackapp.clocks.rules.durations import (
    DurationError,
    format_due_point,
    format_duration,
    parse,
    parse_due_point,
    seconds,
)
from storage.clocks.model import Calendar, ClockKind, Duration, Interval, Level

NINE_TO_FIVE = (Interval(start=time(9), end=time(17)),)
MORNING = (Interval(start=time(9), end=time(13)),)
OFFICE = Calendar(workspace="T1", key="office", timezone="UTC", hours=(NINE_TO_FIVE,) * 4 + (MORNING, (), ()))


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("90s", Duration(seconds=90)),
        ("30m", Duration(seconds=1800)),
        ("2h", Duration(seconds=7200)),
        ("1h30m", Duration(seconds=5400)),
        (" 1h 30m ", Duration(seconds=5400)),
        ("1d", Duration(days=1)),
        ("2d4h", Duration(days=2, seconds=14400)),
        ("24h wall", Duration(seconds=86400, wall=True)),
        ("1d wall", Duration(days=1, wall=True)),
    ],
)
def test_a_duration_is_read(text: str, duration: Duration) -> None:
    assert parse(text) == duration


@pytest.mark.parametrize(
    "text",
    ["", "wall", "30", "m", "30 min", "30m2h", "-30m", "1.5h", "1h1h", "2w", "30mwall", "\u0661d", "9" * 40 + "s"],
)
def test_anything_else_is_refused_with_how_to_write_it(text: str) -> None:
    with pytest.raises(DurationError, match=r"Write it like 90s, 30m, 2h"):
        parse(text)


@pytest.mark.parametrize("text", ["0m", "0s", "0h", "0d", "0d0h0m0s", "0h wall", "00m"])
def test_no_time_at_all_is_refused(text: str) -> None:
    with pytest.raises(DurationError, match="is not a length of time"):
        parse(text)


@pytest.mark.parametrize("text", ["0m", "+0m", "-0m", "100%+0m", "50%-0s"])
def test_an_offset_of_no_time_is_refused(text: str) -> None:
    with pytest.raises(DurationError, match="is not a length of time"):
        parse_due_point(text)


@given(
    st.builds(Duration, days=st.integers(0, 999), seconds=st.integers(0, 9_999_999), wall=st.booleans()).filter(
        lambda duration: bool(duration.days or duration.seconds)
    )
)
def test_what_is_written_is_read_back(duration: Duration) -> None:
    assert parse(format_duration(duration)) == duration


def test_durations_are_written_short() -> None:
    assert [
        format_duration(d) for d in (Duration(seconds=90), Duration(days=2, seconds=3600, wall=True), Duration())
    ] == [
        "1m30s",
        "2d1h wall",
        "0s",
    ]


def test_a_day_is_the_mean_open_time_of_the_days_that_have_hours() -> None:
    mean = (4 * 8 + 4) * 3600 / 5

    assert seconds(parse("1d"), OFFICE) == mean
    assert seconds(parse("2d1h"), OFFICE) == 2 * mean + 3600


def test_a_day_around_the_clock_or_on_the_wall_clock_has_24_hours() -> None:
    assert seconds(parse("1d"), None) == 86400
    assert seconds(parse("1d wall"), OFFICE) == 86400


@pytest.mark.parametrize(
    ("text", "percent", "offset_s"),
    [
        ("50%", 50, 0),
        ("100%", 100, 0),
        ("100%+30m", 100, 1800),
        ("100% + 30m", 100, 1800),
        ("100%-45m", 100, -2700),
        ("+1h", 100, 3600),
        ("-45m", 100, -2700),
        ("30m", 0, 1800),
    ],
)
def test_the_moment_of_a_level_is_read(text: str, percent: int, offset_s: int) -> None:
    assert parse_due_point(text) == (percent, offset_s)


@pytest.mark.parametrize("text", ["", "%", "half", "50", "12.5%", "100%30m", "100%+", "+", "99999%"])
def test_a_moment_that_says_nothing_is_refused(text: str) -> None:
    with pytest.raises(DurationError, match=r"Write a share of the target such as 50%"):
        parse_due_point(text)


def test_a_level_cannot_be_moved_by_days_because_they_have_no_fixed_length_there() -> None:
    with pytest.raises(DurationError, match=r"is in days"):
        parse_due_point("100%+1d")


@given(percent=st.integers(0, 400), offset_s=st.integers(-99_999, 99_999))
def test_the_moment_of_a_level_is_read_back(percent: int, offset_s: int) -> None:
    level = Level(key="late", clock=ClockKind.CLAIM, percent=percent, offset_s=offset_s)

    assert parse_due_point(format_due_point(level)) == (percent, offset_s)
