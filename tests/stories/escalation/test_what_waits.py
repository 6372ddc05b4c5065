"""What waits follows the facts: a reminder that is held comes sooner or later when what it waits for changes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from slackapp.app import Running
from slackapp.company.actions.apply_config import Changes, apply
from slackapp.company.rules.read import read_file
from tests.slack_client import Message, Workspace
from tests.stories.company import Change, Json, calendar, policy
from tests.stories.northwind import about, fill, go_to, look_up, send, why

Company = Callable[..., Path]
OFFICE = calendar("always", "Europe/Berlin", {"mon-fri": ["09:00-17:00"]})
LATE = {"key": "late", "clock": "claim", "at": "100%", "tell": ["managers"]}
CLAIM = {"claim": "30m wall"}
SATURDAY, SUNDAY, MONDAY = (f"2027-03-0{day}" for day in (6, 7, 8))
"""Berlin is one hour ahead of UTC."""


@pytest.fixture
def saturday(slack: Workspace, share: Callable[..., Running], company: Company) -> Running:
    """Every team works from Monday to Friday, and it is Saturday morning."""
    running = share(config=company(OFFICE, policy(CLAIM, LATE)))
    go_to(slack, f"{SATURDAY}T10:00:00+00:00")
    return running


def worked(day: str) -> Change:
    """A day on which the teams work although it is none of their weekdays."""

    def change(read: Json) -> None:
        (always,) = (one for one in read["calendars"] if one["key"] == "always")
        always["days"] = {day: ["09:00-17:00"]}

    return change


def held(slack: Workspace, **answers: str) -> Message:
    """Ben hands off, and half an hour later Dan's reminder waits for Monday."""
    card = send(slack, **answers)
    slack.wait(minutes=31)
    assert reminded(slack) == 0
    return card


def reminded(slack: Workspace) -> int:
    return len(about(slack, "U0DAN", "is unassigned"))


def why_dan(slack: Workspace) -> str:
    return why_dan_to(slack, "U0DAN")


def test_a_priority_that_wakes_tells_within_seconds_what_was_held_for_monday(
    slack: Workspace, saturday: Running
) -> None:
    card = held(slack)
    assert "waiting until <!date" in why_dan(slack)

    look_up(slack, card, "Edit", by="U0BEN")
    fill(slack, "U0BEN", priority="critical")

    (told,) = about(slack, "U0DAN", "is unassigned")
    assert {"Claim", "Assign…"} <= set(told.buttons)
    line = why_dan(slack)
    assert ": notified; before <!date" in line
    assert line.endswith(", because it is outside their working hours")
    assert "waiting until <!date" in line
    go_to(slack, f"{MONDAY}T09:00:00+00:00")
    assert reminded(slack) == 1
    assert slack.problems() == []


def test_a_level_that_raises_the_priority_tells_at_once(
    slack: Workspace, start: Callable[..., Running], company: Company
) -> None:
    later = {"key": "later", "clock": "claim", "at": "100%+1h", "do": "raise"}
    start(config=company(OFFICE, policy(CLAIM, LATE, later)))
    go_to(slack, f"{SATURDAY}T10:00:00+00:00")
    held(slack, priority="high")

    slack.wait(minutes=61)

    assert reminded(slack) == 1


def test_a_day_that_the_file_opens_tells_on_that_day_whether_applied_or_read_at_a_start(
    slack: Workspace, start: Callable[..., Running], company: Company
) -> None:
    first = start(config=company(OFFICE, policy(CLAIM, LATE)))
    go_to(slack, f"{SATURDAY}T10:00:00+00:00")
    held(slack)
    first.stop()

    running = start(config=company(OFFICE, policy(CLAIM, LATE), worked(SUNDAY)))
    go_to(slack, f"{SUNDAY}T07:59:30+00:00")
    assert reminded(slack) == 0
    reading = read_file(company(OFFICE, policy(CLAIM, LATE)))
    assert isinstance(apply(running.baton, "T0LOCAL", reading.company, reading.digest), Changes)
    go_to(slack, f"{SUNDAY}T10:00:00+00:00")
    assert reminded(slack) == 0, "the day was closed again"
    assert why_dan(slack).count("waiting until") == 3

    reading = read_file(company(OFFICE, policy(CLAIM, LATE), worked(SUNDAY)))
    assert isinstance(apply(running.baton, "T0LOCAL", reading.company, reading.digest), Changes)
    slack.settle()
    assert reminded(slack) == 1


def test_whoever_flies_east_hears_when_their_own_morning_begins(slack: Workspace, saturday: Running) -> None:
    held(slack)

    slack.change("user", id="U0DAN", tz="Asia/Tokyo")

    go_to(slack, f"{SUNDAY}T23:59:30+00:00")
    assert reminded(slack) == 0
    go_to(slack, f"{MONDAY}T00:00:05+00:00")
    assert reminded(slack) == 1


def test_whoever_leaves_is_skipped_and_whoever_is_back_is_told(slack: Workspace, saturday: Running) -> None:
    held(slack)
    slack.change("user", id="U0DAN", deleted=True)
    assert "not notified, because they have left" in why_dan_to(slack, "U0KIM")

    slack.change("user", id="U0DAN", deleted=False)

    assert "waiting until <!date" in why_dan_to(slack, "U0KIM")
    go_to(slack, f"{MONDAY}T08:00:05+00:00")
    assert reminded(slack) == 1


def why_dan_to(slack: Workspace, user: str) -> str:
    return next(line for line in why(slack, user).splitlines() if "Dan Roth*" in line)
