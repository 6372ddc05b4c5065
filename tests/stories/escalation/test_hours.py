"""People are notified in their working hours: reminders at night wait for the morning and repeats count from then."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from slackapp.app import Running
from tests.slack_client import Message, Workspace
from tests.stories.company import Change, calendar, person, policy
from tests.stories.ledger import levels, noticed
from tests.stories.northwind import about, fill, go_to, look_up, send, why

Start = Callable[..., Running]
Company = Callable[..., Path]
OFFICE = calendar("always", "Europe/Berlin", {"mon-fri": ["09:00-17:00"]})
EVENINGS = calendar("evenings", "Europe/Berlin", {"mon-fri": ["14:00-22:00"]})
DAYS = calendar("days", "Europe/Berlin", {"mon-fri": ["09:00-17:00"]})
MONDAY = "2027-03-08"
TUESDAY = "2027-03-09"
"""In both weeks that matter Berlin is one hour ahead of UTC and New York five behind."""


def test_a_colleague_far_away_hears_at_their_own_opening_time(
    slack: Workspace, start: Start, company: Company, database_url: str
) -> None:
    warn = {"key": "warn", "clock": "finish", "at": "50%", "tell": ["owner"]}
    start(config=company(OFFICE, policy({"finish": "4h"}, warn)))
    go_to(slack, f"{MONDAY}T08:10:00+00:00")
    card = send(slack)
    look_up(slack, card, "Assign…", by="U0DAN")
    fill(slack, "U0DAN", person="U0GRACE")

    go_to(slack, f"{MONDAY}T10:15:00+00:00")  # a quarter past eleven in Berlin, five in the morning in New York
    assert about(slack, "U0GRACE", "is owned by you") == []
    assert "Grace Kim*, Finish “warn”" in why(slack, "U0DAN")
    assert "waiting until <!date" in why(slack, "U0DAN")
    go_to(slack, f"{MONDAY}T13:59:30+00:00")
    assert about(slack, "U0GRACE", "is owned by you") == []

    go_to(slack, f"{MONDAY}T14:00:05+00:00")
    (warned,) = about(slack, "U0GRACE", "is owned by you")
    assert "Done" in warned.buttons
    assert levels(database_url) == [("warn", [])]
    assert [(notice.recipient, notice.why) for notice in noticed(database_url)] == [("U0GRACE", "hours")]
    assert slack.problems() == []


def test_whoever_has_hours_of_their_own_hears_in_those(slack: Workspace, start: Start, company: Company) -> None:
    late = {"key": "late", "clock": "claim", "at": "100%", "tell": ["managers"]}
    start(config=company(OFFICE, EVENINGS, person("U0DAN", calendar="evenings"), policy({"claim": "30m"}, late)))
    go_to(slack, f"{MONDAY}T09:00:00+00:00")
    send(slack)

    go_to(slack, f"{MONDAY}T12:59:30+00:00")
    assert slack.dms("U0DAN") == []
    go_to(slack, f"{MONDAY}T13:00:05+00:00")
    assert len(about(slack, "U0DAN", "is unassigned")) == 1


@pytest.fixture
def night(slack: Workspace, start: Start, company: Company) -> Callable[..., None]:
    """A team that never closes, whose manager works by day; it is ten in the evening."""

    def night(*changes: Change, targets: dict[str, str] | None = None, **repeat: Any) -> None:
        late = {"key": "late", "clock": "claim", "at": "100%", "tell": ["managers"], **repeat}
        people = [DAYS, person("U0DAN", calendar="days"), policy(targets or {"claim": "30m"}, late)]
        start(config=company(*people, *changes))
        go_to(slack, f"{MONDAY}T21:00:00+00:00")

    return night


def test_what_was_held_over_night_comes_as_one_message_in_the_morning(
    slack: Workspace, night: Callable[..., None]
) -> None:
    night()
    titles = ("Acme renewal", "Beta upgrade", "Globex onboarding")
    cards = []
    for title in titles:
        cards.append(send(slack, title=title))
        slack.wait(hours=1)
    assert slack.alerts("U0DAN") == []

    cards[1].click("Claim", by="U0EVA")
    go_to(slack, f"{TUESDAY}T08:00:05+00:00")

    (digest,) = slack.dms("U0DAN")
    assert digest.text.startswith("2 reminders need you.")
    assert len(slack.alerts("U0DAN")) == 1
    assert [title in digest.all_text() for title in titles] == [True, False, True]
    assert sum("accessory" in block for block in digest.blocks) == 2
    slack.wait(hours=5)
    assert len(slack.dms("U0DAN")) == 1
    assert slack.problems() == []


def test_what_was_settled_over_night_wakes_nobody_in_the_morning(slack: Workspace, night: Callable[..., None]) -> None:
    night()
    cards = [send(slack, title=title) for title in ("Acme renewal", "Beta upgrade")]
    slack.wait(hours=2)
    for card in cards:
        card.click("Claim", by="U0EVA")

    go_to(slack, f"{TUESDAY}T08:00:05+00:00")
    slack.wait(hours=1)

    assert slack.dms("U0DAN") == []
    assert slack.alerts("U0DAN") == []


def test_what_is_critical_wakes_and_comes_alone(slack: Workspace, night: Callable[..., None]) -> None:
    night()
    send(slack, title="Acme renewal")
    send(slack, title="Globex is down", priority="critical")

    slack.wait(minutes=31)

    (woken,) = slack.dms("U0DAN")
    assert "Globex is down" in woken.text
    assert {"Claim", "Assign…"} <= set(woken.buttons)
    go_to(slack, f"{TUESDAY}T08:00:05+00:00")
    (_, morning) = slack.dms("U0DAN")
    assert "Acme renewal" in morning.text
    assert "Globex" not in morning.all_text()


def reminders(slack: Workspace) -> list[Message]:
    return about(slack, "U0DAN", "is unassigned")


def test_the_night_burns_no_repeat(slack: Workspace, night: Callable[..., None], database_url: str) -> None:
    night(repeat={"times": 2, "every": "30m"})
    send(slack)

    for _ in range(20):
        slack.wait(minutes=31)
    assert slack.dms("U0DAN") == []
    assert levels(database_url) == [("late", ["U0BEN"])], "the sender hears, who goes by the team's hours"

    go_to(slack, f"{TUESDAY}T08:00:05+00:00")
    assert len(reminders(slack)) == 1
    go_to(slack, f"{TUESDAY}T08:29:00+00:00")
    assert len(reminders(slack)) == 1
    go_to(slack, f"{TUESDAY}T08:31:00+00:00")
    assert len(reminders(slack)) == 2
    go_to(slack, f"{TUESDAY}T09:01:00+00:00")
    assert len(reminders(slack)) == 3
    go_to(slack, f"{TUESDAY}T15:00:00+00:00")
    assert len(reminders(slack)) == 3
    assert [level for level, _ in levels(database_url)] == ["late", "late#2", "late#3"]
