"""Who watches a handoff has one message that follows it, and a new one only when it changes hands or ends."""

from __future__ import annotations

from slackapp.app import Running
from tests.databases import EITHER
from tests.slack_client import Message, Workspace
from tests.stories.northwind import HandOff, about, fill, look_up

pytestmark = EITHER


def watched(slack: Workspace, user: str) -> Message:
    """The message that follows the handoff for somebody."""
    (found,) = about(slack, user, "You watch")
    return found


def test_a_watcher_follows_the_work_in_one_message_and_hears_when_it_changes_hands_or_ends(
    slack: Workspace, running: Running, hand_off: HandOff
) -> None:
    card = hand_off()
    look_up(slack, card, "Watch", by="U0HUGO")
    assert "Watching:* 1 person" in slack.modal("U0HUGO").all_text()
    assert "Stop watching" in slack.modal("U0HUGO").buttons
    follows = watched(slack, "U0HUGO")
    assert "🟡 Unassigned" in follows.all_text()
    assert len(slack.dms("U0HUGO")) == 1

    card.click("Claim", by="U0EVA")
    slack.settle()
    assert "🟢" in follows.all_text()
    (_, news) = slack.dms("U0HUGO")
    assert "claimed" in news.text

    card.choose("Add note", by="U0EVA")
    fill(slack, "U0EVA", note="Called Mara")
    card.choose("Snooze…", by="U0EVA")
    fill(slack, "U0EVA")
    assert "💤" in follows.all_text()
    assert len(slack.dms("U0HUGO")) == 2, "it did not change hands"

    card.click("Done", by="U0EVA")
    fill(slack, "U0EVA", note="Renewed")
    assert "✅" in follows.all_text()
    assert len(slack.dms("U0HUGO")) == 3
    assert "Renewed" in slack.dms("U0HUGO")[-1].all_text()


def test_who_stops_watching_has_no_message_any_more(slack: Workspace, running: Running, hand_off: HandOff) -> None:
    card = hand_off()
    look_up(slack, card, "Watch", by="U0HUGO")
    look_up(slack, card, "Watch", by="U0ANA")
    watched(slack, "U0HUGO").click("Stop watching", by="U0HUGO")
    slack.settle()
    assert slack.dms("U0HUGO") == []

    card.click("Claim", by="U0EVA")
    slack.settle()
    assert slack.dms("U0HUGO") == []
    assert len(slack.dms("U0ANA")) == 2
    card.click("Details", by="U0EVA")
    seen = slack.modal("U0EVA")
    assert "Watching:* 1 person" in seen.all_text(), "how many, and not who"
    assert "Watch" not in seen.buttons, "who owns it is told anyway"


def test_who_may_no_longer_see_it_is_told_nothing_of_it(slack: Workspace, running: Running, hand_off: HandOff) -> None:
    card = hand_off()
    look_up(slack, card, "Watch", by="U0HUGO")
    follows = watched(slack, "U0HUGO")
    slack.change("user", id="U0HUGO", is_restricted=True)
    slack.settle()

    card.click("Claim", by="U0EVA")
    slack.settle()

    assert "Acme" not in follows.all_text()
    assert "can no longer see it" in follows.text
    assert len(slack.dms("U0HUGO")) == 1


def test_nothing_is_left_of_it_when_the_handoff_is_deleted(
    slack: Workspace, running: Running, hand_off: HandOff
) -> None:
    card = hand_off()
    look_up(slack, card, "Watch", by="U0HUGO")
    look_up(slack, card, "Delete", by="U0BEN")
    fill(slack, "U0BEN")

    assert slack.dms("U0HUGO") == []
