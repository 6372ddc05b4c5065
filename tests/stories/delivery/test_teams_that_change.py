"""People who leave a team, join it again, or come back to the company; and a team that everybody in a channel joins."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from slackapp.app import Running
from slackapp.company.actions.apply_config import Changes, apply
from slackapp.company.rules.read import read_file
from tests.databases import EITHER
from tests.slack_client import Workspace
from tests.stories.company import Change, Json
from tests.stories.northwind import HandOff, about

pytestmark = EITHER
LEFT = "is no longer on Customer Success"
AGAIN = "Eva Lindqvist is on Customer Success again. Nothing to do."


def success_of(*members: str) -> Change:
    """Other members of Customer Success."""

    def change(read: Json) -> None:
        (queue,) = [one for one in read["queues"] if one["key"] == "success"]
        queue["members"] = list(members)

    return change


def apply_file(running: Running, file: Path) -> None:
    """Apply a configuration file."""
    reading = read_file(file)
    assert isinstance(apply(running.baton, "T0LOCAL", reading.company, reading.digest), Changes)


def test_who_leaves_a_group_keeps_their_work_and_the_managers_are_told(
    slack: Workspace, running: Running, hand_off: HandOff
) -> None:
    hand_off(title="First").click("Claim", by="U0EVA")
    second = hand_off(title="Second", person="U0EVA")
    third = hand_off(title="Third")
    slack.change("usergroup", id="S0CS", users=["U0FARID"])
    slack.settle()

    for user in ("U0DAN", "U0KIM"):
        (told,) = about(slack, user, LEFT)
        assert told.text.startswith("Eva Lindqvist is no longer on Customer Success. They had 2 open handoffs there")
    third.click("Claim", by="U0EVA")
    slack.settle()
    assert "🟡" in third.all_text(), "she is no member any more"
    second.click("Claim", by="U0EVA")
    slack.settle()
    assert "🟢" in second.all_text(), "what was offered to her still is"
    assert about(slack, "U0EVA", LEFT) == []

    slack.change("usergroup", id="S0CS", users=["U0FARID", "U0EVA"])
    slack.settle()
    assert [one.text for one in about(slack, "U0DAN", "on Customer Success")] == [AGAIN]
    third.click("Claim", by="U0EVA")
    slack.settle()
    assert "🟢" in third.all_text()
    assert slack.problems() == []


def test_whom_the_file_takes_off_a_team_keeps_their_work_and_the_managers_are_told(
    slack: Workspace, running: Running, hand_off: HandOff, company: Callable[..., Path]
) -> None:
    hand_off(title="First").click("Claim", by="U0EVA")
    hand_off(title="Second").click("Claim", by="U0EVA")
    apply_file(running, company(success_of("U0EVA", "U0FARID")))
    slack.settle()
    assert about(slack, "U0DAN", LEFT) == [], "she is on the team without the group, too"

    apply_file(running, company(success_of("U0FARID")))
    slack.settle()
    for user in ("U0DAN", "U0KIM"):
        (told,) = about(slack, user, LEFT)
        assert told.text.startswith("Eva Lindqvist is no longer on Customer Success. They had 2 open handoffs there")
    assert about(slack, "U0EVA", LEFT) == []

    apply_file(running, company())
    slack.settle()
    assert [one.text for one in about(slack, "U0DAN", "on Customer Success")] == [AGAIN]
    assert slack.problems() == []


def test_who_leaves_without_work_or_stays_by_another_way_is_not_reported(
    slack: Workspace, running: Running, hand_off: HandOff
) -> None:
    hand_off().click("Claim", by="U0EVA")
    slack.change("usergroup", id="S0CS", users=["U0EVA"])  # Farid had nothing
    slack.settle()

    assert about(slack, "U0DAN", "no longer on") == []


def test_who_comes_back_to_the_company_has_their_rights_and_not_their_old_work(
    slack: Workspace, running: Running, hand_off: HandOff
) -> None:
    first, second = hand_off(title="First"), hand_off(title="Second")
    first.click("Claim", by="U0EVA")
    slack.change("user", id="U0EVA", deleted=True)
    slack.settle()
    assert about(slack, "U0DAN", "Eva Lindqvist has left.")

    slack.change("user", id="U0EVA", deleted=False)
    slack.settle()
    second.click("Claim", by="U0EVA")
    slack.settle()
    assert "🟢" in second.all_text()
    (report,) = about(slack, "U0DAN", "has left.")
    assert "accountable" in report.text, "it is still the managers who answer for the first"
