"""Who had it, how long, and how much of the clock that used: a line on the card, a list in Show all."""

from __future__ import annotations

import re

from tests.databases import EITHER
from tests.slack_client import Message, Workspace
from tests.stories.northwind import HandOff, fill

pytestmark = EITHER


def test_the_card_says_how_long_each_pair_of_hands_took_once_there_were_two(
    slack: Workspace, hand_off: HandOff
) -> None:
    card = hand_off()
    assert "of the claim time" not in card.all_text(), "nobody but its sender has had it"

    slack.wait(minutes=12)
    card.click("Claim", by="U0EVA")
    assert re.search(
        r"^Ben Okafor 12 min \(40 % of the claim time\) · Eva Lindqvist since <!date", strip(card), re.MULTILINE
    )

    slack.wait(minutes=60)
    card.click("Put back", by="U0EVA")
    fill(slack, "U0EVA", note="I am ill.")
    assert "Eva Lindqvist 1 h (25 % of 4 h) · Ben Okafor since <!date" in strip(card)

    slack.wait(minutes=15)
    card.click("Claim", by="U0FARID")
    slack.wait(minutes=30)
    card.click("Done", by="U0FARID")
    fill(slack, "U0FARID")
    assert strip(card).endswith("Ben Okafor 15 min (50 % of the claim time) · Farid Haddad 30 min (13 % of 4 h)")
    assert slack.problems() == []


def test_show_all_lists_every_stretch_with_its_share_and_the_present_one_so_far(
    slack: Workspace, hand_off: HandOff
) -> None:
    card = hand_off()
    slack.wait(minutes=6)
    card.click("Claim", by="U0EVA")
    slack.wait(hours=1)
    card.click("Show all", by="U0EVA")
    listed = slack.modal("U0EVA").all_text()

    assert re.search(r"^Ben Okafor as sender, .*\(6 min, 20 % of the claim time\)$", listed, re.MULTILINE)
    assert re.search(r"^Eva Lindqvist as owner, .* until now \(1 h, 25 % of 4 h\)$", listed, re.MULTILINE)


def test_a_team_without_a_policy_sees_times_only_and_many_hands_are_cut_to_the_last(
    slack: Workspace, hand_off: HandOff
) -> None:
    card = hand_off("U0DAN", channel="C0SALES", queue="sales")
    for _ in range(3):
        slack.wait(minutes=10)
        card.click("Claim", by="U0BEN")
        slack.wait(minutes=20)
        card.click("Put back", by="U0BEN")
        fill(slack, "U0BEN", note="Not now.")

    shown = strip(card)
    assert "%" not in shown
    assert shown.startswith("Ben Okafor 20 min · Dan Roth 10 min · Ben Okafor 20 min · Dan Roth since")
    assert shown.endswith("and 3 more before")


def strip(card: Message) -> str:
    """The line of the card that says who had it."""
    (found,) = [line for line in card.all_text().splitlines() if " · " in line]
    return found
