"""A second delivery of what admins do in set-up writes nothing and says nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from slackapp.app import Running
from slackapp.slack.ids import SetupAction
from tests.slack_client import Workspace
from tests.slack_client.shown import elements
from tests.stories.dispatch.twice import SETUP, Twice
from tests.stories.setup.setup_room import KIM, choose_at, empty_company, press, press_at, set_up, submit
from tests.tables import check_rows

WEEK = ["mon", "tue", "wed", "thu", "fri"]


def first_steps(twice: Twice, slack: Workspace) -> None:
    """From the Home tab to a team with hours and deadlines."""
    slack.home(KIM)
    with twice.each():
        slack.home_tab(KIM).click("All steps")
        press_at(slack, "Add a team")
        slack.modal(KIM).choose("Channel", "C0SUCCESS")
        submit(slack, {"Name": "Customer Success", "Members": ["U0EVA"], "Managers": ["U0DAN"]})
        press(slack, "Back")
        press(slack, "Back")
        press_at(slack, "Set working hours")
        submit(slack, {"Name": "Office", "Working days": WEEK, "From": "09:00", "Until": "17:00"})
        press(slack, "Back")
        press(slack, "Back")
        press_at(slack, "Set deadlines")
        submit(slack, {"Claim within": "30m", "Finish within": "4h", "Teams": ["customer-success"]})
        set_up(slack)
        press_at(slack, "Hand something off")


def hours(twice: Twice, slack: Workspace) -> None:
    """The forms of a calendar."""
    set_up(slack)
    with twice.each():
        press_at(slack, "*Working hours*")
        press(slack, "Add hours")
        submit(slack, {"Name": "Late", "From": "12:00", "Until": "20:00"})
        press(slack, "Other hours on some days")
        submit(slack, {"days": ["fri"], "start": "12:00", "end": "16:00"})
        press(slack, "Public holidays")
        slack.modal(KIM).suggest("Country", "germ")
        slack.modal(KIM).choose("Country", "DE")
        submit(slack)
        press(slack, "Days off and special hours")
        submit(slack, {"Day": "2027-12-24", "Last day": "2027-12-31"})
        press_at(slack, "Fri 24 Dec 2027")
        press(slack, "Back")
        press_at(slack, "*Office*")
        press(slack, "Use for all teams without their own")


def policies(twice: Twice, slack: Workspace) -> None:
    """The forms and menus of deadlines."""
    set_up(slack)
    with twice.each():
        press_at(slack, "*Deadlines*")
        press(slack, "Add deadlines")
        submit(slack, {"Name": "Fast", "Claim within": "10m"})
        press(slack, "Add level")
        slack.modal(KIM).suggest("Notify", "")
        submit(slack, {"When": "50%", "Notify": ["channel"]})
        choose_at(slack, "At 50% of the claim time", "Move up")
        choose_at(slack, "At 50% of the claim time", "Move down")
        choose_at(slack, "At 50% of the claim time", "Edit")
        submit(slack, {"Repeat": "2x 5m"})
        choose_at(slack, "At 50% of the claim time", "Remove")
        press_at(slack, "*Claim*")
        submit(slack, {"Critical": "2m"})
        chosen = next(
            one for one in elements(slack.modal(KIM).raw["blocks"]) if one["action_id"] == SetupAction.EXAMPLE
        )
        named = {"block_id": chosen["block_id"], "action_id": chosen["action_id"]}
        value = chosen["options"][0]["value"]
        slack.act("view_action", user=KIM, view_id=slack.modal(KIM).id, value=value, values={}, **named)


def people(twice: Twice, slack: Workspace) -> None:
    """A person's manager, and the admins."""
    set_up(slack)
    with twice.each():
        press_at(slack, "*People*")
        press(slack, "Add person")
        submit(slack, {"Person": "U0EVA", "Manager": "U0DAN"})
    set_up(slack)
    with twice.each():
        press_at(slack, "*Admins*")
        press(slack, "Edit admins")
        submit(slack, {"Admins": [KIM, "U0HUGO"]})


def emoji(twice: Twice, slack: Workspace) -> None:
    """The emoji that begins a handoff."""
    set_up(slack)
    with twice.each():
        press_at(slack, "*Emoji that begins a handoff*")
        submit(slack, {"Emoji": "handshake"})


def a_team(twice: Twice, slack: Workspace) -> None:
    """Its templates and hours, what two admins edit at once, its end."""
    for admin in (KIM, "U0HUGO"):
        set_up(slack, admin)
        press_at(slack, "*Teams*", by=admin)
        press_at(slack, "*Customer Success*", by=admin)
    with twice.each():
        press(slack, "Rules and hours")
        submit(slack, {"In the channel": ["digest"]})
    for admin in (KIM, "U0HUGO"):
        press(slack, "People and channel", by=admin)
    with twice.each():
        submit(slack, {"Name": "Success EMEA"}, by="U0HUGO")
        submit(slack, {"Name": "Success"})
        press(slack, "Take theirs")
        submit(slack)
        press(slack, "Remove…")
        submit(slack)


def demo_team(twice: Twice, slack: Workspace) -> None:
    """Made, tried and removed."""
    set_up(slack)
    with twice.each():
        press(slack, "Make a demo team")
        submit(slack, {"Channel": "C0SALES"})
        press(slack, "Send an example handoff")
        set_up(slack)
        press_at(slack, "*Demo team*")
        submit(slack)


@pytest.mark.timeout(300)
def test_every_button_and_form_of_set_up_delivered_twice_is_done_once(
    slack: Workspace, share: Callable[..., Running], tmp_path: Path
) -> None:
    twice = Twice(slack, share(empty_company(tmp_path)))  # Kim is an admin of the Slack workspace
    scenes = (first_steps, hours, policies, people, emoji, a_team, demo_team)
    check_rows(scenes, lambda scene: scene(twice, slack), name=lambda scene: scene.__name__)

    assert twice.missing(SETUP) == set()
