"""Working hours: open time added, open time between, days on which clocks change, holidays."""

from __future__ import annotations

import time as stopwatch
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from slackapp.clocks.rules.business_hours import (
    ALWAYS,
    HORIZON,
    add,
    between,
    in_zone,
    local_open_stretches,
    next_opening,
    opens_at,
    subtract,
    to_local,
)
from slackapp.clocks.rules.calendars import overlap, week_s, why_closed, working_day_s
from storage.clocks.model import Calendar, Interval, SpecialDays


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
    assert working_day_s(ALWAYS) == 86400


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

    assert working_day_s(uneven) == pytest.approx(20 / 3 * 3600)
    assert week_s(uneven) == 20 * 3600
    assert working_day_s(calendar()) == 0


def test_intervals_in_any_order_that_overlap_count_once() -> None:
    assert week_s(calendar("13:00-18:00 09:00-14:00 12:00-13:00")) == 9 * 3600


def test_an_instant_without_offset_is_in_the_calendars_zone() -> None:
    assert to_local(SPLIT, datetime.fromisoformat("2026-11-20T10:00")) == berlin("2026-11-20T10:00")
    assert to_local(SPLIT, datetime(2026, 11, 20, 9, tzinfo=UTC)) == berlin("2026-11-20T10:00")


def test_the_stretches_of_work_are_told_per_local_day() -> None:
    stretches = list(local_open_stretches(SPLIT, berlin("2026-11-20T11:00"), berlin("2026-11-23T10:00")))

    assert stretches == [
        (berlin("2026-11-20T11:00"), berlin("2026-11-20T12:30")),
        (berlin("2026-11-20T13:30"), berlin("2026-11-20T18:00")),
        (berlin("2026-11-23T09:00"), berlin("2026-11-23T10:00")),
    ]


def test_a_stretch_is_whole_even_where_the_walk_is_cut() -> None:
    assert len(list(local_open_stretches(SPLIT, berlin("2026-11-19T11:00"), berlin("2026-11-21T00:00")))) == 4


@pytest.mark.alone
def test_a_calendar_that_never_opens_costs_little_and_ends_at_the_horizon() -> None:
    start = datetime(2026, 11, 20, tzinfo=UTC)
    began = stopwatch.perf_counter()

    assert add(calendar(), start, 60) == start + HORIZON
    assert stopwatch.perf_counter() - began < 1


@pytest.mark.parametrize(
    ("end", "minutes", "start"),
    [
        ("2026-11-20T10:30", 30, "2026-11-20T10:00"),
        ("2026-11-20T13:45", 30, "2026-11-20T12:15"),  # over lunch
        ("2026-11-20T14:00", 30, "2026-11-20T13:30"),  # begins exactly at opening
        ("2026-11-20T12:30", 30, "2026-11-20T12:00"),  # from closing time
        ("2026-11-20T13:00", 30, "2026-11-20T12:00"),  # from outside hours
        ("2026-11-23T09:01", 61, "2026-11-20T17:00"),  # over the weekend
        ("2026-11-23T09:00", 1, "2026-11-20T17:59"),  # from opening time
        ("2026-11-20T10:00", 0, "2026-11-20T10:00"),
        ("2026-11-22T10:00", 0, "2026-11-22T10:00"),
        ("2026-11-20T10:00", -5, "2026-11-20T10:00"),
    ],
)
def test_open_time_is_taken_away_as_it_is_added(end: str, minutes: int, start: str) -> None:
    assert subtract(SPLIT, berlin(end), minutes * 60) == berlin(start)
    assert subtract(SPLIT, berlin(end), minutes * 60).tzinfo is UTC


def test_without_a_calendar_wall_time_is_taken_away() -> None:
    end = datetime(2026, 11, 21, 3, tzinfo=UTC)

    assert subtract(ALWAYS, end, 5400) == end - timedelta(minutes=90)
    assert subtract(ALWAYS, end, 1e12) == datetime(1000, 1, 1, tzinfo=UTC)
    assert add(ALWAYS, end, 1e12) == datetime(9000, 1, 1, tzinfo=UTC)


def test_where_there_never_was_that_much_open_time_the_search_ends_at_the_horizon() -> None:
    end = datetime(2026, 11, 20, tzinfo=UTC)

    assert subtract(calendar(), end, 60) == end - HORIZON


OFFICE = ("09:00-17:00",) * 5
SUMMER = SpecialDays(first=date(2026, 7, 1), last=date(2026, 8, 31), hours=(interval("08:00-14:00"),))


def only(day: str, *hours: str) -> SpecialDays:
    there = date.fromisoformat(day)
    return SpecialDays(first=there, last=there, hours=tuple(map(interval, hours)))


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        ("2026-12-24", 3),  # a half day
        ("2026-12-05", 4),  # a Saturday that is worked
        ("2026-12-25", 2),  # a public holiday that is worked
        ("2026-12-28", 1),  # an exception to the closed days
        ("2026-12-29", 0),  # closed
        ("2026-07-01", 6),  # summer hours on a Wednesday
        ("2026-08-31", 6),
        ("2026-09-01", 8),
        ("2026-07-04", 0),  # summer hours open no Saturday
        ("2026-07-06", 0),  # nor a day that is closed
        ("2026-07-07", 5),  # an exception to summer hours
    ],
)
def test_a_day_has_the_hours_of_the_rule_that_is_nearest_to_it(day: str, hours: int) -> None:
    special = (
        only("2026-12-24", "09:00-12:00"),
        only("2026-12-05", "10:00-14:00"),
        only("2026-12-25", "10:00-12:00"),
        only("2026-12-28", "10:00-11:00"),
        only("2026-07-07", "10:00-12:00", "13:00-16:00"),
        SUMMER,
    )
    closed = (date(2026, 7, 6), date(2026, 12, 28), date(2026, 12, 29))
    ours = calendar(*OFFICE, country="DE", subdivision="BE", closed=closed, special=special)

    start = berlin(f"{day}T00:00")

    assert between(ours, start, start + timedelta(days=1)) == hours * 3600
    assert (why_closed(ours, start.date()) is None) is (hours > 0)
    assert (working_day_s(ours), week_s(ours)) == (8 * 3600, 40 * 3600)


def test_hours_overlap_when_one_begins_before_another_ends() -> None:
    assert overlap(map(interval, ["12:00-24:00", "09:00-12:01"]))
    assert not overlap(map(interval, ["12:00-24:00", "09:00-12:00"]))


def test_it_opens_now_or_at_the_next_opening() -> None:
    assert opens_at(SPLIT, berlin("2026-11-20T12:29")) == berlin("2026-11-20T12:29")
    assert opens_at(SPLIT, berlin("2026-11-20T12:30")) == berlin("2026-11-20T13:30")
    assert opens_at(SPLIT, berlin("2026-11-20T18:00")) == berlin("2026-11-23T09:00")
    assert opens_at(ALWAYS, berlin("2026-11-20T18:00")) == berlin("2026-11-20T18:00")


@pytest.mark.parametrize(
    ("after", "opening"),
    [
        ("2026-11-20T08:59", "2026-11-20T09:00"),
        ("2026-11-20T09:00", "2026-11-23T09:00"),  # later than the instant itself
        ("2026-11-20T12:45", "2026-11-23T09:00"),  # the end of a lunch break opens no day
        ("2026-11-22T12:00", "2026-11-23T09:00"),
    ],
)
def test_the_next_opening_is_the_first_of_a_day(after: str, opening: str) -> None:
    assert next_opening(SPLIT, berlin(after)) == berlin(opening)


def test_around_the_clock_a_day_opens_at_its_midnight() -> None:
    assert next_opening(ALL_DAY, berlin("2026-11-20T00:00")) == berlin("2026-11-21T00:00")
    assert next_opening(ALWAYS, datetime(2026, 11, 20, 0, tzinfo=UTC)) == datetime(2026, 11, 21, tzinfo=UTC)
    assert (
        next_opening(calendar(), datetime(2026, 11, 20, 0, tzinfo=UTC)) == datetime(2026, 11, 20, tzinfo=UTC) + HORIZON
    )


def test_a_day_that_comes_back_over_midnight_opens_once() -> None:
    # On 7 November 2010 St John's went from 00:01 back to 23:01 of the day before.
    newfoundland = calendar(*["00:00-24:00"] * 7, timezone="America/St_Johns")
    there = ZoneInfo("America/St_Johns")

    sunday = next_opening(newfoundland, datetime(2010, 11, 6, 12, tzinfo=there))

    assert sunday == datetime(2010, 11, 7, 2, 30, tzinfo=UTC)  # 00:00 for the first time
    assert next_opening(newfoundland, sunday) == datetime(2010, 11, 8, tzinfo=there)


def test_the_same_hours_in_a_persons_own_zone() -> None:
    lisbon = in_zone(SPLIT, "Europe/Lisbon")

    assert opens_at(lisbon, berlin("2026-11-20T09:00")) == berlin("2026-11-20T10:00")
    assert in_zone(SPLIT, "Mars/Olympus") == in_zone(SPLIT, "../etc") == in_zone(SPLIT, None) == SPLIT
