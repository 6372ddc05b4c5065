"""Properties and speed of working hours in every zone, over holidays, special days and clock changes."""

from __future__ import annotations

import time as stopwatch
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo, available_timezones

import holidays
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slackapp.clocks.rules.business_hours import add, between, next_opening, opens_at, subtract
from storage.clocks.model import Calendar, Interval, SpecialDays

SECOND, MINUTE, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)
MOMENT = timedelta(microseconds=1)

EVENTS = [
    ("Europe/Berlin", "2026-03-29T01:00"),
    ("Europe/Berlin", "2026-10-25T01:00"),
    ("America/New_York", "2026-03-08T07:00"),
    ("America/New_York", "2026-11-01T06:00"),
    ("Australia/Lord_Howe", "2026-04-04T15:00"),  # half an hour back
    ("Australia/Lord_Howe", "2026-10-03T15:30"),  # half an hour on
    ("America/Sao_Paulo", "2018-11-04T03:00"),  # midnight is skipped
    ("America/Sao_Paulo", "2019-02-17T02:00"),  # the last hour of a day comes twice
    ("America/Havana", "2026-11-01T05:00"),  # the first hour of a day comes twice
    ("America/St_Johns", "2010-11-07T02:31"),  # a minute of tomorrow, then today again
    ("Pacific/Apia", "2011-12-30T10:00"),  # a whole day is skipped
    ("Pacific/Kwajalein", "1993-08-21T12:00"),
    ("Asia/Kathmandu", "1985-12-31T18:30"),  # a quarter of an hour on, for ever
    ("Asia/Pyongyang", "2018-05-04T15:00"),
    ("Antarctica/Troll", "2026-03-29T01:00"),  # two hours on
    ("Africa/Casablanca", "2026-02-15T02:00"),  # for Ramadan
    ("Europe/Dublin", "2026-10-25T01:00"),
    ("America/Asuncion", "2024-10-06T04:00"),
    ("UTC", "2026-12-31T12:00"),
]


class Scene(NamedTuple):
    """A calendar, and an instant at which something happens to its clocks or days."""

    calendar: Calendar
    near: datetime


@st.composite
def hours(draw: st.DrawFn) -> tuple[Interval, ...]:
    """Up to three disjoint intervals, on quarters of an hour."""
    edges = sorted(draw(st.sets(st.integers(0, 96), max_size=6)))
    pairs = zip(edges[::2], edges[1::2], strict=False)
    return tuple(Interval(start=time(a // 4, a % 4 * 15), end=moment(b)) for a, b in pairs)


def moment(quarter: int) -> time | None:
    return None if quarter == 96 else time(quarter // 4, quarter % 4 * 15)


@st.composite
def scenes(draw: st.DrawFn) -> Scene:
    if draw(st.booleans()):
        zone, written = draw(st.sampled_from(EVENTS))
        near = datetime.fromisoformat(written).replace(tzinfo=UTC)
    else:
        zone = draw(st.sampled_from(sorted(available_timezones() - {"localtime"})))
        near = datetime(1975, 1, 1, tzinfo=UTC) + draw(st.integers(0, 60 * 366)) * DAY
    around = st.integers(-4, 4).map(lambda n: near.date() + n * DAY)
    single = draw(st.dictionaries(around, hours(), max_size=2))
    ranges = draw(st.lists(st.tuples(around, st.integers(1, 9), hours()), max_size=1))
    calendar = Calendar(
        workspace="T1",
        key="c",
        timezone=zone,
        hours=tuple(draw(hours()) for _ in range(7)),
        country=draw(st.sampled_from([None, "US", "BR"])),
        closed=tuple(draw(st.sets(around, max_size=2))),
        special=(
            *(SpecialDays(first=day, last=day, hours=worked) for day, worked in single.items()),
            *(SpecialDays(first=day, last=day + days * DAY, hours=worked) for day, days, worked in ranges),
        ),
    )
    return Scene(calendar, near)


def opens(scene: Scene) -> bool:
    return any(scene.calendar.hours)


# ---- the definition, word for word, and the slowest way to count by it


def hours_on(cal: Calendar, day: date) -> tuple[Interval, ...]:
    for own in cal.special:
        if own.first == own.last == day:
            return own.hours
    if day in cal.closed or (cal.country and day in holidays.country_holidays(cal.country, years=day.year)):
        return ()
    usual = cal.hours[day.weekday()]
    for own in cal.special:
        if usual and own.first < own.last and own.first <= day <= own.last:
            return own.hours
    return usual


class Definition:
    """Whether an instant is open, by what a calendar says and by nothing else."""

    def __init__(self, cal: Calendar) -> None:
        self.zone = ZoneInfo(cal.timezone)
        self.cal = cal
        self.days: dict[date, tuple[Interval, ...]] = {}

    def day(self, instant: datetime) -> date:
        return instant.astimezone(self.zone).date()

    def is_open(self, instant: datetime) -> bool:
        there = instant.astimezone(self.zone).replace(fold=0)
        day, clock = there.date(), there.time()
        if day not in self.days:
            self.days[day] = hours_on(self.cal, day)
        return any(one.start <= clock and (one.end is None or clock < one.end) for one in self.days[day])

    def between(self, start: datetime, steps: int, step: timedelta) -> int:
        return sum(self.is_open(start + n * step) for n in range(steps))


def thoroughly(short: int, *strategies: st.SearchStrategy[Any], long: bool) -> Callable[[Callable[..., None]], None]:
    """Run a check on drawn examples: `short` of them, or ten times as many."""

    def run(check: Callable[..., None]) -> None:
        settings(deadline=None, max_examples=short * 10 if long else short)(given(*strategies)(check))()

    return run


def test_open_time_is_what_counting_every_minute_gives(long: bool) -> None:
    @thoroughly(150, scenes(), st.integers(-2880, 1440), st.integers(0, 3000), long=long)
    def check(scene: Scene, before: int, minutes: int) -> None:
        start = scene.near + before * MINUTE

        counted = Definition(scene.calendar).between(start, minutes, MINUTE)

        assert between(scene.calendar, start, start + minutes * MINUTE) == counted * 60


def test_adding_and_taking_away_are_what_stepping_second_by_second_gives(long: bool) -> None:
    @thoroughly(60, scenes(), st.integers(-5400, 5400), st.integers(1, 5400), long=long)
    def check(scene: Scene, offset: int, budget: int) -> None:
        cal, here = scene.calendar, scene.near + offset * SECOND
        is_open = Definition(cal).is_open

        later, left = here, budget
        while left and later < here + 4 * 3600 * SECOND:
            left -= is_open(later)
            later += SECOND
        if not left:
            assert add(cal, here, budget) == later
        earlier, left = here, budget
        while left and earlier > here - 4 * 3600 * SECOND:
            earlier -= SECOND
            left -= is_open(earlier)
        if not left:
            assert subtract(cal, here, budget) == earlier


def test_adding_taking_away_and_measuring_undo_each_other(long: bool) -> None:
    budgets = st.one_of(st.integers(1, 400_000), st.integers(1, 10**12).map(lambda micro: micro / 10**6))

    @thoroughly(300, scenes().filter(opens), st.integers(-(10**6), 10**6), budgets, long=long)
    def check(scene: Scene, offset: int, budget: float) -> None:
        cal, here = scene.calendar, scene.near + offset * SECOND
        is_open = Definition(cal).is_open

        due = add(cal, here, budget)
        assert between(cal, here, due) == budget
        assert is_open(due - MOMENT)
        begun = subtract(cal, here, budget)
        assert between(cal, begun, here) == budget
        assert is_open(begun)

        assert subtract(cal, due, budget) == opens_at(cal, here)
        assert add(cal, subtract(cal, due, budget), budget) == due
        if is_open(here - MOMENT):
            assert add(cal, begun, budget) == here
        middle = here + (due - here) / 3
        assert between(cal, here, middle) + between(cal, middle, due) == pytest.approx(budget, abs=1e-6)
        assert add(cal, add(cal, here, budget), budget) == add(cal, here, 2 * budget)
        assert subtract(cal, subtract(cal, here, budget), budget) == subtract(cal, here, 2 * budget)


def test_the_next_opening_is_the_first_open_minute_of_a_day_to_come(long: bool) -> None:
    @thoroughly(50, scenes().filter(opens), st.integers(-1440, 1440), long=long)
    def check(scene: Scene, offset: int) -> None:
        there = Definition(scene.calendar)
        here = scene.near + offset * MINUTE
        seen: set[date] = set()
        found = None
        for n in range(-2 * 1440, 4 * 1440):
            instant = here + n * MINUTE
            if there.is_open(instant) and there.day(instant) not in seen:
                seen.add(there.day(instant))
                if n > 0:
                    found = instant
                    break

        opening = next_opening(scene.calendar, here)

        assert opening == found if found else opening >= here + 4 * DAY


# ---- how fast


def milliseconds(work: Callable[[], object]) -> float:
    """The best of some runs, so that a busy machine does not count."""
    best = float("inf")
    for _ in range(5):
        began = stopwatch.perf_counter()
        work()
        best = min(best, stopwatch.perf_counter() - began)
    return best * 1000


@pytest.mark.alone
def test_two_years_of_open_time_over_holidays_cost_little_more_than_looking_at_their_days() -> None:
    office = (Interval(start=time(9), end=time(12, 30)), Interval(start=time(13, 30), end=time(18)))
    start, budget = datetime(2026, 11, 20, 10, tzinfo=UTC), 2 * 365 * 24 * 3600
    zone = ZoneInfo("Europe/Berlin")
    fresh = iter(range(1000))

    def calendar() -> Calendar:
        """One that nobody has asked for anything yet."""
        return Calendar(
            workspace=f"T{next(fresh)}",
            key="c",
            timezone="Europe/Berlin",
            hours=(office,) * 5 + ((), ()),
            country="DE",
            subdivision="BE",
        )

    known = calendar()
    due = add(known, start, budget)
    days = (due - start).days
    floor = milliseconds(lambda: [(start + n * DAY).astimezone(zone) for n in range(days)])

    assert days > 8 * 365
    assert milliseconds(lambda: add(calendar(), start, budget)) < 30 * floor
    assert milliseconds(lambda: subtract(calendar(), due, budget)) < 30 * floor
    assert milliseconds(lambda: add(known, start, budget)) < floor
    assert milliseconds(lambda: subtract(known, due, budget)) < floor
    assert milliseconds(lambda: between(known, start, due)) < floor
