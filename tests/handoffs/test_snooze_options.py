"""Snooze options: moments within a person's hours and zone, and the limits of any other moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slackapp.handoffs.queries.find import snooze_options_for
from slackapp.handoffs.rules import snooze_options
from slackapp.handoffs.views import wording
from slackapp.slack.field_problems import FieldProblem
from storage.clocks import policies
from storage.clocks.model import WEEKDAYS, Calendar, Interval
from storage.company import queues
from storage.db.database import Database
from storage.handoffs import handoffs
from storage.handoffs.lifecycle import State
from tests.builders import TEAM, a_handoff
from tests.databases import SQLITE
from tests.escalation.tick_room import QUEUE, Room

BERLIN = "Europe/Berlin"
SPLIT = (Interval(start=time(9), end=time(12, 30)), Interval(start=time(13, 30), end=time(18)))
ALL_DAY = (Interval(start=time(0), end=None),)


def office(
    *, closed: Sequence[date] = (), week: str = "mon tue wed thu fri", hours: tuple[Interval, ...] = SPLIT
) -> Calendar:
    days = tuple(hours if day in week else () for day in WEEKDAYS)
    return Calendar(workspace="T1", key="office", timezone=BERLIN, hours=days, closed=tuple(closed))


def at(written: str) -> datetime:
    """An instant in Berlin's winter."""
    return datetime.fromisoformat(f"{written}+01:00").astimezone(UTC)


def offered(now: str, hours: Calendar | None = None, timezone: str | None = BERLIN) -> dict[str, str]:
    return {rest.key: f"{rest.until:%a %H:%M}" for rest in snooze_options.offered(hours, timezone, at(now))}


@pytest.mark.parametrize(
    ("now", "moments"),
    [
        (
            "2026-11-24T10:00",
            {"1h": "Tue 11:00", "afternoon": "Tue 13:30", "tomorrow": "Wed 09:00", "monday": "Mon 09:00"},
        ),
        ("2026-11-24T14:00", {"1h": "Tue 15:00", "tomorrow": "Wed 09:00", "monday": "Mon 09:00"}),
        ("2026-11-24T12:30", {"1h": "Tue 13:30", "tomorrow": "Wed 09:00", "monday": "Mon 09:00"}),
        ("2026-11-27T15:00", {"1h": "Fri 16:00", "tomorrow": "Mon 09:00"}),
        ("2026-11-28T15:00", {"1h": "Sat 16:00", "tomorrow": "Mon 09:00"}),
        (
            "2026-11-23T07:00",
            {"1h": "Mon 08:00", "afternoon": "Mon 13:30", "tomorrow": "Tue 09:00", "monday": "Mon 09:00"},
        ),
    ],
)
def test_the_moments_are_openings_of_the_team(now: str, moments: dict[str, str]) -> None:
    assert offered(now, office()) == moments


def test_days_off_are_passed_over() -> None:
    closed = office(closed=[date(2026, 11, 25), date(2026, 11, 30)])

    assert offered("2026-11-24T14:00", closed) == {"1h": "Tue 15:00", "tomorrow": "Thu 09:00", "monday": "Tue 09:00"}


def test_around_the_clock_a_morning_is_at_nine() -> None:
    always = office(week=" ".join(WEEKDAYS), hours=ALL_DAY)

    assert offered("2026-11-27T15:00", always) == {"1h": "Fri 16:00", "tomorrow": "Sat 09:00", "monday": "Mon 09:00"}


def test_of_a_team_that_works_every_day_nobody_is_taken_to_work_on_weekends() -> None:
    always = office(week=" ".join(WEEKDAYS), hours=ALL_DAY)
    weekends = office(week="sat sun")

    assert offered("2026-11-27T15:00", snooze_options.personal_week(always))["tomorrow"] == "Mon 09:00"
    assert snooze_options.personal_week(office()) == office()
    assert snooze_options.personal_week(weekends) == weekends, "some people do work then"
    assert offered("2026-11-27T15:00", None)["tomorrow"] == "Mon 09:00", "nor where nobody said when people work"


def test_without_hours_it_goes_by_the_persons_own_zone() -> None:
    found = offered("2026-11-24T10:00", None, "America/New_York")  # where it is four in the night

    assert found == {"1h": "Tue 05:00", "afternoon": "Tue 13:00", "tomorrow": "Wed 09:00", "monday": "Mon 09:00"}


@pytest.mark.parametrize("timezone", [None, "Mars/Phobos"])
def test_somebody_whose_zone_is_unknown_is_asked_in_utc(timezone: str | None) -> None:
    assert offered("2026-11-24T10:00", None, timezone)["tomorrow"] == "Wed 09:00"


def test_hours_of_another_zone_are_told_in_the_persons_own() -> None:
    """Their card, their messages and their clock are in the zone of their profile."""
    found = offered("2026-11-24T20:00", office(), "Asia/Tokyo")  # where it is four in the morning of Wednesday

    assert found == {"1h": "Wed 05:00", "tomorrow": "Wed 17:00", "monday": "Mon 17:00"}
    (_, next_day, _) = snooze_options.offered(office(), "Asia/Tokyo", at("2026-11-24T20:00"))
    assert next_day.days == 0


def test_the_choices_are_called_as_people_call_them() -> None:
    tuesday = [wording.snooze_option(rest) for rest in snooze_options.offered(office(), None, at("2026-11-24T10:00"))]
    friday = [wording.snooze_option(rest) for rest in snooze_options.offered(office(), None, at("2026-11-27T15:00"))]

    assert tuesday == [
        "In 1 hour, Tue 24 Nov at 11:00",
        "This afternoon, Tue 24 Nov at 13:30",
        "Tomorrow morning, Wed 25 Nov at 9:00",
        "Next Monday morning, 30 Nov at 9:00",
    ]
    assert friday[1] == "Monday morning, 30 Nov at 9:00"


@pytest.mark.parametrize(
    ("ahead", "problem"),
    [
        (None, FieldProblem.NO_MOMENT),
        (timedelta(0), FieldProblem.IN_THE_PAST),
        (timedelta(seconds=-1), FieldProblem.IN_THE_PAST),
        (timedelta(seconds=1), None),
        (timedelta(days=60), None),
        (timedelta(days=60, seconds=1), FieldProblem.TOO_FAR),
    ],
)
def test_a_moment_lies_ahead_but_not_too_far(ahead: timedelta | None, problem: FieldProblem | None) -> None:
    now = at("2026-11-24T10:00")

    assert snooze_options.problem(None if ahead is None else now + ahead, now) is problem


ZONES = st.sampled_from(["UTC", BERLIN, "Asia/Kathmandu", "Australia/Lord_Howe", "America/Sao_Paulo", "Pacific/Apia"])


@given(
    now=st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - in UTC
    zone=ZONES,
    hours=st.sampled_from([None, office(), office(hours=ALL_DAY), office(week="sat"), office(week="")]),
)
def test_whatever_the_hours_every_choice_may_be_chosen_and_none_twice(
    now: datetime, zone: str, hours: Calendar | None
) -> None:
    found = snooze_options.offered(hours, zone, now)

    assert found
    assert [rest.until for rest in found] == sorted({rest.until for rest in found})
    assert all(snooze_options.problem(rest.until, now) is None for rest in found)
    assert len({rest.key for rest in found}) == len(found)


@SQLITE
def test_work_begins_by_a_persons_own_hours_else_by_the_teams_else_at_nine_whatever_became_of_the_handoff(
    database: Database,
) -> None:
    room = Room(database)
    room.person("EVA", tz="UTC")
    with database.transaction() as tx:
        handoffs.add(tx, a_handoff(state=State.CLAIMED, owner="EVA"))

    def tomorrow(handoff_id: str = "h1") -> str:
        offers = snooze_options_for(room.baton, workspace=TEAM, handoff_id=handoff_id, user="EVA")
        return next(f"{offer.until:%H:%M}" for offer in offers if offer.key == "tomorrow")

    assert (tomorrow(), tomorrow("gone")) == ("09:00", "09:00")

    days = ((Interval(start=time(10), end=time(16)),),) * 7
    with database.transaction() as tx:
        policies.put_calendar(tx, Calendar(workspace=TEAM, key="team", timezone="UTC", hours=days))
        queues.put(tx, replace(QUEUE, calendar="team"))
    assert (tomorrow(), tomorrow("gone")) == ("10:00", "09:00")

    room.hours("EVA", 7, 12)
    assert (tomorrow(), tomorrow("gone")) == ("07:00", "07:00")
