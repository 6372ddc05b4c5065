"""Daily digests: posted once when a queue opens, or not at all if there is nothing to list."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from slackapp.app import Running
from tests.databases import EITHER
from tests.slack_client import Message, Workspace
from tests.stories.company import COMPANY
from tests.stories.northwind import ACME, open_form

Start = Callable[..., Running]
OPENING = "2027-03-08T08:00:00+00:00"


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """Northwind, with a team that works from nine to five in Berlin."""
    file = tmp_path / "office.yml"
    file.write_text(COMPANY.read_text().replace('mon-sun: ["00:00-24:00"]', 'mon-fri: ["09:00-17:00"]'), "utf-8")
    return file


def go_to(slack: Workspace, instant: str) -> None:
    slack.post("/control/clock", {"to": instant})
    slack.settle()


def mornings(slack: Workspace, user: str = "U0EVA", channel: str = "C0SUCCESS") -> list[Message]:
    return [message for message in slack.messages(user, channel) if " this morning: " in message.text]


def send(slack: Workspace, title: str) -> Message:
    open_form(slack, "U0BEN").submit({**ACME, "title": title})
    slack.settle()
    return slack.find("U0BEN", "C0SUCCESS", title)


@EITHER
def test_at_opening_time_the_team_hears_once_what_waits_and_takes_it_from_there(
    slack: Workspace, start: Start, office: Path, dialect: str
) -> None:
    start(config=office)
    if dialect == "postgresql":
        start(config=office)
    go_to(slack, "2027-03-05T18:00:00+00:00")
    send(slack, "Acme renewal")
    card = send(slack, "Beta upgrade")
    assert mornings(slack) == []

    go_to(slack, OPENING)

    (digest,) = mornings(slack)
    assert digest.text == "Customer Success this morning: 2 unassigned."
    assert mornings(slack, "U0BEN", "C0SALES") == []
    digest.click("Claim", by="U0EVA")
    slack.settle()
    assert "owned by <@U0EVA>" in card.text
    assert "🟢 Eva Lindqvist · finish by" in digest.all_text()
    offers = [block["accessory"]["text"]["text"] for block in digest.blocks if "accessory" in block]
    assert sorted(offers) == ["Claim", "Done"], "what is taken cannot be claimed any more"

    go_to(slack, "2027-03-09T07:30:00+00:00")
    assert len(mornings(slack)) == 1


def test_a_quiet_morning_says_nothing(slack: Workspace, start: Start, office: Path) -> None:
    start(config=office)

    go_to(slack, OPENING)
    go_to(slack, "2027-03-09T12:00:00+00:00")

    assert mornings(slack) == []


def test_what_is_deleted_disappears_from_the_digest(slack: Workspace, start: Start, office: Path) -> None:
    start(config=office)
    go_to(slack, "2027-03-05T18:00:00+00:00")
    card = send(slack, "Acme renewal")
    send(slack, "Beta upgrade")
    go_to(slack, OPENING)

    card.click("Details", by="U0BEN")
    slack.modal("U0BEN").click("Delete")
    slack.modal("U0BEN").submit()
    slack.settle()

    (digest,) = mornings(slack)
    assert "Acme" not in digest.all_text()
    assert "Beta upgrade" in digest.all_text()
    assert "Acme" not in card.all_text()


def test_a_baton_that_was_away_at_opening_time_says_it_when_it_is_back(
    slack: Workspace, start: Start, office: Path
) -> None:
    running = start(config=office)
    go_to(slack, "2027-03-05T18:00:00+00:00")
    send(slack, "Acme renewal")
    running.stop()
    slack.post("/control/clock", {"to": "2027-03-08T10:30:00+00:00"})

    start(config=office)

    assert len(mornings(slack)) == 1
