"""A person's availability: paused notifications, an away status, working hours, and all of them at once."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slackapp.clocks.rules.business_hours import between
from slackapp.people.rules.availability import Availability, Unavailable, availability, hours_of
from storage.clocks.model import Calendar, Interval
from storage.company.model import Person

MONDAY = datetime(2026, 11, 16, tzinfo=UTC)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
NINE_TO_FIVE = (Interval(start=time(9), end=time(17)),)


def at(hours: float, *, day: int = 0) -> datetime:
    return MONDAY + timedelta(days=day, hours=hours)


def office(timezone: str = "UTC", **changes: Any) -> Calendar:
    """Nine to five from Monday to Friday."""
    plain: dict[str, Any] = {"workspace": "T1", "key": timezone, "hours": (NINE_TO_FIVE,) * 5 + ((),) * 2}
    return Calendar(**{**plain, "timezone": timezone, **changes})


def eva(**changes: Any) -> Person:
    return Person(**{"workspace": "T1", "id": "EVA", "name": "Eva", "team": "T1", **changes})


def test_somebody_at_work_can_hear_now() -> None:
    assert availability(eva(), office(), at(10)) == Availability(at=at(10))


def test_somebody_without_hours_can_always_hear() -> None:
    assert availability(eva(), None, at(3)) == Availability(at=at(3))


def test_somebody_whom_slack_has_not_told_us_of_counts_as_reachable() -> None:
    assert availability(None, office(), at(3)) == Availability(at=at(3))


@pytest.mark.parametrize("change", [{"deleted": True}, {"is_bot": True}, {"team": "T2"}])
def test_somebody_who_has_left_or_is_a_bot_never_hears(change: dict[str, Any]) -> None:
    away = eva(**change, dnd_from=at(8), dnd_until=at(12), away_until=at(12))
    assert availability(away, office(), at(10)) == Availability(at=None, why=Unavailable.GONE)


def test_paused_notifications_hold_until_the_pause_ends() -> None:
    paused = eva(dnd_from=at(9.5), dnd_until=at(11))

    assert availability(paused, office(), at(10)) == Availability(at=at(11), why=Unavailable.DND)
    assert availability(paused, office(), at(11)) == Availability(at=at(11))


def test_a_pause_that_begins_later_does_not_hold_yet() -> None:
    assert availability(eva(dnd_from=at(22), dnd_until=at(32)), office(), at(10)) == Availability(at=at(10))


def test_an_away_status_holds_until_its_end() -> None:
    assert availability(eva(away_until=at(14)), office(), at(10)) == Availability(at=at(14), why=Unavailable.AWAY)


def test_outside_working_hours_the_next_opening_counts_over_the_weekend_too() -> None:
    assert availability(eva(), office(), at(6)) == Availability(at=at(9), why=Unavailable.HOURS)
    assert availability(eva(), office(), at(18, day=4)) == Availability(at=at(9, day=7), why=Unavailable.HOURS)


def test_a_pause_that_ends_outside_working_hours_waits_for_the_opening() -> None:
    paused = eva(dnd_from=at(16), dnd_until=at(20))
    assert availability(paused, office(), at(16.5)) == Availability(at=at(9, day=1), why=Unavailable.DND)


def test_an_opening_within_a_pause_waits_for_the_end_of_the_pause() -> None:
    early = eva(dnd_from=at(8), dnd_until=at(9.5))
    assert availability(early, office(), at(6)) == Availability(at=at(9.5), why=Unavailable.HOURS)


def test_an_opening_within_a_pause_that_lasts_beyond_closing_waits_for_the_day_after() -> None:
    long = eva(dnd_from=at(8), dnd_until=at(18))
    assert availability(long, office(), at(6)) == Availability(at=at(9, day=1), why=Unavailable.HOURS)


def test_an_away_status_that_ends_before_such_an_opening_waits_as_well() -> None:
    long = eva(dnd_from=at(8), dnd_until=at(18), away_until=at(7))
    assert availability(long, office(), at(6)) == Availability(at=at(9, day=1), why=Unavailable.AWAY)


def test_of_several_reasons_the_first_is_told() -> None:
    both = eva(dnd_from=at(5), dnd_until=at(7), away_until=at(24))

    assert availability(both, office(), at(6)) == Availability(at=at(9, day=1), why=Unavailable.DND)
    assert availability(both, office(), at(7)) == Availability(at=at(9, day=1), why=Unavailable.AWAY)


def test_a_calendar_that_never_opens_again_is_never() -> None:
    shut = office(hours=((),) * 7)
    assert availability(eva(), shut, at(10)) == Availability(at=None, why=Unavailable.HOURS)


def test_a_persons_own_calendar_goes_before_the_teams() -> None:
    own = office("Asia/Tokyo")
    assert hours_of(eva(tz="Europe/Lisbon"), own, office("Europe/Berlin")) == own


def test_without_one_the_teams_hours_count_in_the_zone_of_the_profile() -> None:
    team = office("Europe/Berlin")
    hours = hours_of(eva(tz="America/New_York"), None, team)

    assert hours is not None
    assert hours.timezone == "America/New_York"
    assert availability(eva(), hours, at(10)) == Availability(at=at(14), why=Unavailable.HOURS)


@pytest.mark.parametrize("tz", [None, "", "Mars/Olympus"])
def test_without_a_known_zone_the_teams_own_counts(tz: str | None) -> None:
    team = office("Europe/Berlin")
    assert hours_of(eva(tz=tz), None, team) == team
    assert hours_of(None, None, team) == team


def test_without_any_hours_everybody_always_works() -> None:
    assert hours_of(eva(tz="Europe/Berlin"), None, None) is None


instants = st.integers(0, 14 * 24 * 60).map(lambda minutes: MONDAY + minutes * MINUTE)
people = st.builds(
    lambda since, length, away: eva(
        dnd_from=since, dnd_until=None if since is None else since + length * MINUTE, away_until=away
    ),
    st.none() | instants,
    st.integers(1, 48 * 60),
    st.none() | instants,
)
calendars = st.none() | st.sampled_from(["UTC", "America/New_York", "Australia/Lord_Howe"]).map(office)


def silent(person: Person, hours: Calendar | None, now: datetime) -> bool:
    """The rules again, one by one, as the test's own reference."""
    paused = person.dnd_from is not None and person.dnd_until is not None and person.dnd_from <= now < person.dnd_until
    away = person.away_until is not None and now < person.away_until
    return paused or away or between(hours, now, now + MINUTE) == 0


@given(people, calendars, instants, st.floats(0, 1))
def test_at_the_instant_no_reason_holds_and_before_it_always_one_does(
    person: Person, hours: Calendar | None, now: datetime, share: float
) -> None:
    found = availability(person, hours, now)

    assert found.at is not None
    assert found.at >= now
    assert (found.at == now) == (found.why is None) == (not silent(person, hours, now))
    assert not silent(person, hours, found.at)
    between_them = now + int((found.at - now) / MINUTE * share) * MINUTE
    assert between_them == found.at or silent(person, hours, between_them)
