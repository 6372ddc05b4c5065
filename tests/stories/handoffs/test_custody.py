"""The ownership history in Details: who had it, how long, and how much of the timer that used."""

from __future__ import annotations

import re

from tests.databases import EITHER
from tests.slack_client import Workspace
from tests.stories.northwind import HandOff, fill

pytestmark = EITHER


def test_details_list_every_stretch_with_its_share_and_the_present_one_so_far(
    slack: Workspace, hand_off: HandOff
) -> None:
    card = hand_off()
    slack.wait(minutes=6)
    card.click("Claim", by="U0EVA")
    slack.wait(hours=1)
    card.click("Details", by="U0EVA")
    listed = slack.modal("U0EVA").all_text()

    assert re.search(r"^Ben Okafor as sender, .*\(6 min, 20% of the claim time\)$", listed, re.MULTILINE)
    assert re.search(r"^Eva Lindqvist as owner, .* until now \(1 h, 25% of 4 h\)$", listed, re.MULTILINE)
    assert "claim time" not in card.all_text(), "the card itself tells none of that"


def test_how_a_deadline_was_calculated_is_behind_a_button_and_leads_back(slack: Workspace, hand_off: HandOff) -> None:
    card = hand_off()
    card.click("Details", by="U0BEN")
    details = slack.modal("U0BEN")
    assert "Working hours in" not in details.all_text()

    details.click("How was this calculated?")
    told = details.all_text()
    assert "Working hours in Europe/Berlin:" in told
    assert "Total 30 min, until <!date^" in told
    details.click("Back")

    assert details.title == "Handoff #1"
    assert slack.problems() == []


def test_a_team_without_a_policy_sees_times_only(slack: Workspace, hand_off: HandOff) -> None:
    card = hand_off("U0DAN", channel="C0SALES", queue="sales")
    slack.wait(minutes=10)
    card.click("Claim", by="U0BEN")
    slack.wait(minutes=20)
    card.click("Put back", by="U0BEN")
    fill(slack, "U0BEN", note="Not now.")
    card.click("Details", by="U0BEN")

    listed = slack.modal("U0BEN").all_text()
    assert re.search(r"^Ben Okafor as owner, .*\(20 min\)$", listed, re.MULTILINE)
    assert re.search(r"\d% of ", listed) is None
