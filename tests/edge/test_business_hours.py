"""Working hours: open time added, open time between, days on which clocks change, holidays."""

from __future__ import annotations

import time as stopwatch
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slackapp.policy.business_hours import (
    ALWAYS,
    HORIZON,
    add,
    between,
    local,
    working_days,
)
from slackapp.policy.calendars import day_seconds, week_seconds, why_closed
from storage.records import Calendar, Interval

MINUTE = timedelta(minutes=1)


def interval(text: str) -> Interval:
    start, end = text.split("-")
    return Interval(start=time.fromisoformat(start), end=None if end == "24:00" else time.fromisoformat(end))


def calendar(*week: str, timezone: str = "Europe/Berlin", **changes: Any) -> Calendar:
    """One text of intervals per weekday, Monday first; missing days are closed."""
    days = tuple(tuple(map(interval, day.split())) for day in week) + ((),) * (7 - len(week))
    return Calendar(workspace="T1", key="c", timezone=timezone, hours=days, **changes)


SPLIT = calendar(*["09:00-12:30 13:30-18:00"] * 5)
ALL_DAY = calendar(*["00:00-24:00"] * 7)


def berlin(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Berlin"))


# 2026-11-20 is a Friday.
@pytest.mark.parametrize(
    ("start", "minutes", "due"),
    [
        ("2026-11-20T10:00", 30, "2026-11-20T10:30"),
        ("2026-11-20T12:15", 30, "2026-11-20T13:45"),  # over lunch
        ("2026-11-20T12:00", 30, "2026-11-20T12:30"),  # ends exactly at closing
        ("2026-11-20T12:30", 30, "2026-11-20T14:00"),  # closing time is outside hours
        ("2026-11-20T17:00", 60, "2026-11-20T18:00"),
        ("2026-11-20T17:00", 61, "2026-11-23T09:01"),  # over the weekend
        ("2026-11-21T03:00", 10, "2026-11-23T09:10"),  # counts from the next opening
        ("2026-11-20T20:00", 0, "2026-11-23T09:00"),
        ("2026-11-20T10:00", 0, "2026-11-20T10:00"),
        ("2026-11-20T10:00", -5, "2026-11-20T10:00"),
    ],
)
def test_a_budget_is_spent_in_open_time_only(start: str, minutes: int, due: str) -> None:
    assert add(SPLIT, berlin(start), minutes * 60) == berlin(due)


def test_open_time_between_two_instants_leaves_out_lunch_nights_and_weekends() -> None:
    assert between(SPLIT, berlin("2026-11-20T12:00"), berlin("2026-11-23T09:30")) == (30 + 4.5 * 60 + 30) * 60
    assert between(SPLIT, berlin("2026-11-23T09:30"), berlin("2026-11-20T12:00")) == 0


def test_no_calendar_is_around_the_clock() -> None:
    start = datetime(2026, 11, 21, 3, tzinfo=UTC)

    assert add(ALWAYS, start, 5400) == start + timedelta(minutes=90)
    assert between(ALWAYS, start, start + timedelta(days=2)) == 2 * 86400
    assert day_seconds(ALWAYS) == 86400


def test_the_answer_is_in_utc() -> None:
    assert add(SPLIT, berlin("2026-11-20T10:00"), 60).tzinfo is UTC
    assert add(ALWAYS, berlin("2026-11-20T10:00"), 60).tzinfo is UTC


def test_fractions_of_a_second_are_kept() -> None:
    start = berlin("2026-11-20T10:00") + timedelta(microseconds=250_000)

    assert between(SPLIT, start, add(SPLIT, start, 7200.5)) == 7200.5


def test_public_holidays_of_the_state_are_closed() -> None:
    with_holidays = calendar(*["09:00-17:00"] * 5, country="DE", subdivision="BE")
    elsewhere = calendar(*["09:00-17:00"] * 5, country="DE", subdivision="BY")

    # 8 March is a holiday in Berlin; in 2027 it is a Monday.
    assert add(with_holidays, berlin("2027-03-08T10:00"), 60) == berlin("2027-03-09T09:01")
    assert add(elsewhere, berlin("2027-03-08T10:00"), 60) == berlin("2027-03-08T10:01")
    assert why_closed(with_holidays, date(2027, 3, 8)) == "public holiday: Women's Day"


def test_dates_closed_by_hand_are_closed() -> None:
    closed = calendar(*["09:00-17:00"] * 5, closed=(date(2026, 12, 24),))

    assert between(closed, berlin("2026-12-24T00:00"), berlin("2026-12-25T00:00")) == 0
    assert why_closed(closed, date(2026, 12, 24)) == "closed by the calendar"
    assert why_closed(closed, date(2026, 12, 26)) == "no hours that day"
    assert why_closed(closed, date(2026, 12, 23)) is None


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-11-20", 24)])
def test_a_day_that_is_open_all_day_is_as_long_as_the_day_is(day: str, hours: int) -> None:
    start = berlin(f"{day}T00:00")

    assert between(ALL_DAY, start, berlin(f"{day}T00:00") + timedelta(days=1)) == hours * 3600
    assert add(ALL_DAY, start, hours * 3600) == (start + timedelta(days=1)).astimezone(UTC)


def test_an_hour_that_is_skipped_cannot_be_worked() -> None:
    night = calendar(*["02:30-04:00"] * 7)

    # On 29 March clocks go from 02:00 to 03:00.
    assert between(night, berlin("2026-03-29T00:00"), berlin("2026-03-29T12:00")) == 3600
    assert add(night, berlin("2026-03-29T00:00"), 60) == datetime(2026, 3, 29, 1, 1, tzinfo=UTC)


def test_an_hour_that_comes_twice_counts_twice() -> None:
    night = calendar(*["02:30-04:00"] * 7)

    # On 25 October clocks go from 03:00 back to 02:00: 02:30 to 03:00, then 02:30 to 04:00.
    assert between(night, berlin("2026-10-25T00:00"), berlin("2026-10-25T12:00")) == 2 * 3600


def test_a_date_that_was_left_out_at_the_date_line_is_no_working_day() -> None:
    apia = calendar(*["00:00-24:00"] * 7, timezone="Pacific/Apia")
    start = datetime(2011, 12, 29, tzinfo=ZoneInfo("Pacific/Apia"))

    assert between(apia, start, datetime(2012, 1, 1, tzinfo=ZoneInfo("Pacific/Apia"))) == 2 * 86400


def test_a_working_day_is_the_mean_of_the_days_that_have_hours() -> None:
    uneven = calendar("09:00-17:00", "09:00-17:00", "", "", "09:00-13:00")

    assert day_seconds(uneven) == pytest.approx(20 / 3 * 3600)
    assert week_seconds(uneven) == 20 * 3600
    assert day_seconds(calendar()) == 0


def test_intervals_in_any_order_that_overlap_count_once() -> None:
    assert week_seconds(calendar("13:00-18:00 09:00-14:00 12:00-13:00")) == 9 * 3600


def test_an_instant_without_offset_is_in_the_calendars_zone() -> None:
    assert local(SPLIT, datetime.fromisoformat("2026-11-20T10:00")) == berlin("2026-11-20T10:00")
    assert local(SPLIT, datetime(2026, 11, 20, 9, tzinfo=UTC)) == berlin("2026-11-20T10:00")


def test_the_stretches_of_work_are_told_per_local_day() -> None:
    stretches = list(working_days(SPLIT, berlin("2026-11-20T11:00"), berlin("2026-11-23T10:00")))

    assert stretches == [
        (berlin("2026-11-20T11:00"), berlin("2026-11-20T12:30")),
        (berlin("2026-11-20T13:30"), berlin("2026-11-20T18:00")),
        (berlin("2026-11-23T09:00"), berlin("2026-11-23T10:00")),
    ]


def test_a_stretch_is_whole_even_where_the_walk_is_cut() -> None:
    assert len(list(working_days(SPLIT, berlin("2026-11-19T11:00"), berlin("2026-11-21T00:00")))) == 4


def test_a_calendar_that_never_opens_costs_little_and_ends_at_the_horizon() -> None:
    start = datetime(2026, 11, 20, tzinfo=UTC)
    began = stopwatch.perf_counter()

    assert add(calendar(), start, 60) == start + HORIZON
    assert stopwatch.perf_counter() - began < 1


ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Havana", "Asia/Kathmandu"]
CHANGES = [
    datetime(2026, 3, 28, tzinfo=UTC),
    datetime(2026, 10, 24, tzinfo=UTC),
    datetime(2026, 3, 7, tzinfo=UTC),
    datetime(2026, 10, 31, tzinfo=UTC),
    datetime(2026, 4, 4, tzinfo=UTC),
    datetime(2026, 12, 31, tzinfo=UTC),
]


@st.composite
def weeks(draw: st.DrawFn) -> tuple[tuple[Interval, ...], ...]:
    """A week of up to three disjoint intervals a day, on quarters of an hour."""

    def day() -> tuple[Interval, ...]:
        edges = sorted(draw(st.sets(st.integers(0, 96), max_size=6)))
        pairs = zip(edges[::2], edges[1::2], strict=False)
        return tuple(Interval(start=time(a // 4, a % 4 * 15), end=moment(b)) for a, b in pairs)

    def moment(quarter: int) -> time | None:
        return None if quarter == 96 else time(quarter // 4, quarter % 4 * 15)

    return tuple(day() for _ in range(7))


calendars = st.builds(
    Calendar,
    workspace=st.just("T1"),
    key=st.just("c"),
    timezone=st.sampled_from(ZONES),
    hours=weeks(),
    country=st.sampled_from([None, "US"]),
    closed=st.sampled_from([(), (date(2026, 3, 29), date(2026, 10, 26))]),
)
starts = st.builds(lambda near, minutes: near + minutes * MINUTE, st.sampled_from(CHANGES), st.integers(0, 2880))


def is_open(cal: Calendar, instant: datetime) -> bool:
    """The definition, word for word."""
    there = instant.astimezone(ZoneInfo(cal.timezone))
    if why_closed(cal, there.date()):
        return False
    clock_time = there.time().replace(fold=0)
    return any(i.start <= clock_time and (i.end is None or clock_time < i.end) for i in cal.hours[there.weekday()])


def slowly_between(cal: Calendar, start: datetime, end: datetime) -> int:
    minutes = round((end - start) / MINUTE)
    return sum(is_open(cal, start + n * MINUTE) for n in range(minutes)) * 60


@settings(deadline=None, max_examples=60)
@given(cal=calendars, start=starts, minutes=st.integers(0, 3000))
def test_open_time_is_what_counting_every_minute_gives(cal: Calendar, start: datetime, minutes: int) -> None:
    end = start + minutes * MINUTE

    assert between(cal, start, end) == slowly_between(cal, start, end)


@settings(deadline=None, max_examples=60)
@given(cal=calendars, start=starts, budget=st.integers(1, 900))
def test_a_budget_is_due_at_the_earliest_instant_at_which_it_is_spent(
    cal: Calendar, start: datetime, budget: int
) -> None:
    due = add(cal, start, budget * 60)

    if due < start + timedelta(days=5):
        assert slowly_between(cal, start, due) == budget * 60
        assert is_open(cal, due - MINUTE)


@settings(deadline=None)
@given(cal=calendars, start=starts, first=st.integers(1, 40_000), second=st.integers(1, 40_000))
def test_spending_in_two_parts_is_spending_at_once(cal: Calendar, start: datetime, first: int, second: int) -> None:
    if week_seconds(cal):
        assert add(cal, add(cal, start, first), second) == add(cal, start, first + second)


@settings(deadline=None)
@given(cal=calendars, start=starts, spent=st.integers(1, 200_000))
def test_adding_and_measuring_agree(cal: Calendar, start: datetime, spent: int) -> None:
    if week_seconds(cal):
        assert between(cal, start, add(cal, start, spent)) == spent
