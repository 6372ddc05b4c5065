"""The first message: it finds who installs Baton, leads to a first handoff in three presses, and never stays false."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from slackapp.app import Running
from slackapp.setup.actions.welcome import welcome
from tests.databases import EITHER
from tests.slack_client import Message, Workspace
from tests.stories.setup.setup_room import KIM, empty_company, press, submit

DAN = "U0DAN"
TEAM = "T0LOCAL"


def welcomes(slack: Workspace, user: str = KIM) -> list[Message]:
    """The first messages that a person has got."""
    return [message for message in slack.dms(user) if "Welcome to Baton" in message.all_text()]


@EITHER
def test_from_an_empty_database_three_presses_lead_to_a_card(slack: Workspace, start: Callable[..., Running]) -> None:
    start(config=None)  # Kim is the only admin of the Slack workspace

    (first,) = welcomes(slack)
    assert "No team is set up yet" in first.text
    first.click("Try it with a demo team", by=KIM)
    page = submit(slack)
    assert "The demo team is ready" in page.all_text()
    press(slack, "Send an example handoff")

    card = slack.find(KIM, "C0SALES", "Acme: new customer")
    assert "Claim" in card.buttons
    assert "The demo team is ready" in first.all_text()
    assert "No team is set up yet" not in first.all_text()
    assert slack.problems() == []


@EITHER
def test_the_first_team_is_proposed_where_baton_was_invited_with_the_admin_on_it(
    slack: Workspace, start: Callable[..., Running]
) -> None:
    start(config=None)

    (first,) = welcomes(slack)
    first.click("Set up your first team", by=KIM)
    page = submit(slack)
    assert "*Sales*" in page.all_text()
    assert "Members: <@U0KIM>" in page.all_text()
    form = press(slack, "Hand off to this team")
    assert form.values["queue"]["value"]["selected_option"]["value"] == "sales"

    assert set(first.buttons) == {"Hand off", "Set up Baton"}
    assert "No team" not in first.all_text()
    assert slack.problems() == []


@EITHER
def test_it_comes_once_whoever_sweeps_and_whenever_baton_starts(
    slack: Workspace, start: Callable[..., Running]
) -> None:
    running = start(config=None)
    assert not welcome(running.baton, TEAM, KIM)
    running.stop()
    start(config=None)

    assert len(welcomes(slack)) == 1


@EITHER
def test_the_admin_whom_the_file_names_gets_it(slack: Workspace, start: Callable[..., Running], tmp_path: Path) -> None:
    start(config=empty_company(tmp_path, f"version: 1\nadmins: [{DAN}]\n"))

    assert len(welcomes(slack, DAN)) == 1
    assert welcomes(slack) == []


def test_a_company_that_has_a_team_gets_none_also_when_it_goes(slack: Workspace, start: Callable[..., Running]) -> None:
    running = start()

    assert welcomes(slack) == []
    assert not welcome(running.baton, TEAM, KIM)
