"""Many reminders at once are one message with a row and a button each, redrawn in place, with one notification."""

from __future__ import annotations

from collections.abc import Callable

from slackapp.app import Running
from tests.slack_client import Message, Workspace
from tests.stories.northwind import ACME, come_to_rest, open_form

MANAGER = "U0DAN"


def send(slack: Workspace, count: int) -> list[Message]:
    """Hand that many things over at once and return their cards."""
    slack.settle_after_acts = False
    for number in range(1, count + 1):
        open_form(slack, "U0BEN").submit({**ACME, "title": f"Deal {number}"})
    come_to_rest(slack)
    slack.settle_after_acts = True
    return [slack.find("U0EVA", "C0SUCCESS", f"Deal {number}") for number in range(1, count + 1)]


def bundles(slack: Workspace) -> list[Message]:
    return [message for message in slack.dms(MANAGER) if "reminders" in message.text]


def test_five_late_claims_are_one_message_to_the_manager(slack: Workspace, start: Callable[..., Running]) -> None:
    start()
    cards = send(slack, 5)
    before = len(slack.alerts(MANAGER))

    slack.advance(31 * 60)
    come_to_rest(slack)

    (bundle,) = bundles(slack)
    assert bundle.text.startswith("5 reminders need you. #1 Deal 1, #2 Deal 2,")
    assert len(slack.alerts(MANAGER)) == before + 1
    rows = [block for block in bundle.blocks if "accessory" in block]
    assert [row["accessory"]["text"]["text"] for row in rows] == ["Claim"] * 5

    cards[2].click("Claim", by="U0EVA")
    slack.settle()

    assert bundle.text.startswith("4 of 5 reminders still need you.")
    assert "#3 Deal 3: claimed by Eva Lindqvist, <!date" in bundle.all_text()
    assert len(slack.alerts(MANAGER)) == before + 1, "redrawn in place"
    slack.settle_after_acts = False
    for card in (cards[0], cards[1], cards[3], cards[4]):
        card.click("Claim", by="U0FARID")
    come_to_rest(slack)
    slack.settle_after_acts = True
    assert bundle.text == "Nothing here needs you now."
    assert bundle.buttons == {}
    assert slack.problems() == []


def test_a_deleted_handoff_leaves_no_title_in_the_message(slack: Workspace, start: Callable[..., Running]) -> None:
    start()
    cards = send(slack, 3)
    slack.advance(31 * 60)
    come_to_rest(slack)
    (bundle,) = bundles(slack)

    cards[0].click("Details", by="U0BEN")
    slack.modal("U0BEN").click("Delete")
    slack.modal("U0BEN").submit({})
    slack.settle()

    assert "Deal 1" not in bundle.text + bundle.all_text()
    assert "#1 was deleted by <@U0BEN>, " in bundle.all_text()
