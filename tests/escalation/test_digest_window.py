"""When a queue's digest is due, and which period it covers."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from slackapp.escalation.rules.digest_window import digest_day, next_digest_at
from storage.clocks.model import Calendar, Interval

BERLIN = ZoneInfo("Europe/Berlin")
DAY = (Interval(start=time(9), end=time(12)), Interval(start=time(13), end=time(18)))
OFFICE = Calendar(
    workspace="T1",
    key="berlin",
    timezone="Europe/Berlin",
    hours=(DAY,) * 5 + ((), ()),
    closed=(date(2026, 3, 5), date(2026, 3, 6)),
)
ALWAYS = Calendar(
    workspace="T1", key="always", timezone="Europe/Berlin", hours=((Interval(start=time(0), end=None),),) * 7
)
NIGHTS = Calendar(
    workspace="T1",
    key="nights",
    timezone="Europe/Berlin",
    hours=((Interval(start=time(0), end=time(6)), Interval(start=time(22), end=None)),) * 7,
)


def berlin(day: int, hour: int, minute: int = 0, *, month: int = 3) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=BERLIN).astimezone(UTC)


def test_the_next_morning_is_the_next_day_that_is_worked_not_the_end_of_lunch() -> None:
    assert next_digest_at(OFFICE, berlin(2, 10)) == berlin(3, 9)
    assert next_digest_at(OFFICE, berlin(2, 12, 30)) == berlin(3, 9)
    assert next_digest_at(OFFICE, berlin(3, 8)) == berlin(3, 9)
    assert next_digest_at(OFFICE, berlin(3, 9)) == berlin(4, 9)


def test_closed_days_and_weekends_have_no_morning() -> None:
    assert next_digest_at(OFFICE, berlin(4, 10)) == berlin(9, 9)


def test_the_morning_after_the_clocks_changed_is_at_the_local_opening() -> None:
    found = next_digest_at(OFFICE, berlin(27, 18))

    assert found == berlin(30, 9)
    assert found == datetime(2026, 3, 30, 7, tzinfo=UTC)


def test_who_never_closes_never_opens() -> None:
    assert next_digest_at(ALWAYS, berlin(2, 10)) is None


def test_the_day_of_a_night_shift_begins_in_the_evening_not_at_midnight() -> None:
    assert next_digest_at(NIGHTS, berlin(2, 10)) == berlin(2, 22)
    assert next_digest_at(NIGHTS, berlin(2, 23)) == berlin(3, 22)


def test_a_digest_reaches_back_to_the_working_day_before_and_ahead_to_the_last_closing() -> None:
    today = digest_day(OFFICE, berlin(9, 9), berlin(9, 9))

    assert today is not None
    assert (today.day, today.since, today.until) == ("2026-03-09", berlin(4, 9), berlin(9, 18))


def test_after_an_outage_of_days_one_digest_reaches_back_to_what_was_not_told() -> None:
    today = digest_day(OFFICE, berlin(2, 9), berlin(4, 15))

    assert today is not None
    assert (today.day, today.since, today.until) == ("2026-03-04", berlin(2, 9) - timedelta(days=3), berlin(4, 18))


def test_outside_hours_nothing_is_said() -> None:
    assert digest_day(OFFICE, berlin(4, 9), berlin(4, 20)) is None
    assert digest_day(OFFICE, berlin(4, 9), berlin(4, 12, 30)) is None
