"""Quiet hours and the time of a summary, in the person's time zone, also where its clocks change."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slackapp.people.rules.availability import Availability, Unavailable, availability
from slackapp.people.rules.personal_settings import delivery_of, next_summary_at, quiet_until
from storage.clocks.model import Calendar, Interval
from storage.company.model import MessageDelivery, Person, PersonalSettings, Topic

MONDAY = datetime(2026, 11, 16, tzinfo=UTC)
HOUR = timedelta(hours=1)
OFFICE = Calendar(
    workspace="T1",
    key="office",
    timezone="UTC",
    hours=((Interval(start=time(9), end=time(17)),),) * 5 + ((),) * 2,
)


def at(hours: float, *, day: int = 0) -> datetime:
    return MONDAY + timedelta(days=day, hours=hours)


def eva(*, tz: str | None = "UTC", **chosen: Any) -> Person:
    return Person(workspace="T1", id="EVA", name="Eva", team="T1", tz=tz, settings=PersonalSettings(**chosen))


def nights(**more: Any) -> Person:
    return eva(**{"quiet_from": time(22), "quiet_until": time(7), **more})


def test_a_night_is_quiet_to_its_end_and_the_day_is_not() -> None:
    assert quiet_until(nights(), at(21.9)) == at(21.9)
    assert quiet_until(nights(), at(22)) == at(31)
    assert quiet_until(nights(), at(6.9)) == at(7)
    assert quiet_until(nights(), at(7)) == at(7)


def test_quiet_hours_within_a_day_leave_the_rest_of_it() -> None:
    noon = eva(quiet_from=time(12), quiet_until=time(13))
    assert [quiet_until(noon, at(hour)) for hour in (11, 12, 13)] == [at(11), at(13), at(13)]
    early = eva(quiet_from=time(), quiet_until=time(6))
    assert [quiet_until(early, at(hour)) for hour in (0, 23)] == [at(6), at(23)]


def test_days_that_are_quiet_join_the_nights_around_them() -> None:
    assert quiet_until(nights(quiet_days=(5, 6)), at(23, day=4)) == at(7, day=7)
    assert quiet_until(eva(quiet_days=(0,)), at(1)) == at(24)


@pytest.mark.parametrize(
    ("tz", "evening", "morning"),
    [
        pytest.param("Europe/Berlin", "2027-03-27T21:30:00+00:00", "2027-03-28T05:00:00+00:00", id="an hour less"),
        pytest.param("Europe/Berlin", "2027-10-30T20:30:00+00:00", "2027-10-31T06:00:00+00:00", id="an hour more"),
        pytest.param("America/New_York", "2027-03-28T02:30:00+00:00", "2027-03-28T11:00:00+00:00", id="elsewhere"),
        pytest.param(None, "2027-03-27T22:30:00+00:00", "2027-03-28T07:00:00+00:00", id="no known zone"),
    ],
)
def test_the_night_in_which_the_clocks_change_ends_at_the_same_time_of_day(
    tz: str | None, evening: str, morning: str
) -> None:
    assert quiet_until(nights(tz=tz), datetime.fromisoformat(evening)) == datetime.fromisoformat(morning)


def test_a_summary_comes_at_the_chosen_time_or_when_work_begins_or_at_nine() -> None:
    chosen = eva(tz="Europe/Berlin", summary_at=time(8, 30))
    assert next_summary_at(chosen, OFFICE, at(7)) == at(7.5)
    assert next_summary_at(chosen, OFFICE, at(7.5)) == at(7.5, day=1)
    assert next_summary_at(eva(), OFFICE, at(18, day=4)) == at(9, day=7)
    assert next_summary_at(eva(tz="Asia/Tokyo"), None, at(1)) == at(24)
    assert next_summary_at(eva(summary_at=time(23, 59)), None, at(0)) == at(23 + 59 / 60)


def test_only_what_informs_can_be_chosen() -> None:
    everything = tuple(Topic)
    chosen = {topic: delivery_of(eva(never=everything), topic) for topic in Topic}
    assert {topic for topic, found in chosen.items() if found is MessageDelivery.NEVER} == {
        Topic.SENT, Topic.OWNED, Topic.WATCHED,
    }  # fmt: skip
    assert delivery_of(None, Topic.SENT) is delivery_of(eva(), Topic.SENT) is MessageDelivery.NOW


def test_quiet_hours_are_a_reason_beside_working_hours() -> None:
    assert availability(nights(), None, at(23)) == Availability(at=at(31), why=Unavailable.QUIET)
    assert availability(nights(quiet_until=time(10)), OFFICE, at(9.5)) == Availability(at=at(10), why=Unavailable.QUIET)
    assert availability(nights(), OFFICE, at(18)) == Availability(at=at(9, day=1), why=Unavailable.HOURS)


def test_quiet_hours_that_leave_no_working_hour_do_not_put_anybody_out_of_reach() -> None:
    hidden = eva(quiet_from=time(8), quiet_until=time(18))
    assert availability(hidden, OFFICE, at(10)) == Availability(at=at(10))
    assert availability(hidden, OFFICE, at(19)) == Availability(at=at(9, day=1), why=Unavailable.HOURS)


times = st.builds(time, st.integers(0, 23), st.sampled_from((0, 15, 59)))
instants = st.integers(0, 400 * 24 * 60).map(lambda minutes: MONDAY + timedelta(minutes=minutes))
zones = st.sampled_from(("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"))


@given(zones, times, times, st.sets(st.integers(0, 6), max_size=4), instants)
def test_quiet_hours_end_are_not_quiet_and_last_no_longer_than_the_longest_that_can_be_chosen(
    tz: str, since: time, until: time, days: set[int], now: datetime
) -> None:
    person = eva(tz=tz, quiet_from=since, quiet_until=until, quiet_days=tuple(sorted(days)))
    ends = quiet_until(person, now)
    assert now <= ends <= now + timedelta(days=6)
    assert quiet_until(person, ends) == ends
