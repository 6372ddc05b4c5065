"""People who leave a team, join it again, or come back to the company; and a team that everybody in a channel joins."""

from __future__ import annotations

from slackapp.app import Running
from tests.databases import EITHER
from tests.slack_client import Workspace
from tests.stories.northwind import HandOff, about

pytestmark = EITHER
LEFT = "is no longer on Customer Success"


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
    assert [one.text for one in about(slack, "U0DAN", "on Customer Success")] == [
        "Eva Lindqvist is on Customer Success again. Nothing to do."
    ]
    third.click("Claim", by="U0EVA")
    slack.settle()
    assert "🟢" in third.all_text()
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
