"""What people were told stays true, or the next message corrects it, without a notification for each change.

The sender has one message that tells the story, and another only when they must act, or it changed hands or ended.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import pytest
import yaml

from slackapp.app import Running
from tests.slack_client import Message, Workspace
from tests.stories.conftest import ROOT
from tests.stories.northwind import HandOff, about, fill, open_form, told

_DEMO: Final = ROOT / "slackapp/cli/demo.yml"
_SCENES: Final = yaml.safe_load((ROOT / "slackapp/cli/story.yml").read_text(encoding="utf-8"))["scenes"]
REASON: Final = "Whom do I call, and on which number?"


def typed(scene: Mapping[str, Any]) -> list[list[str]]:
    """What the people of a scene type, form by form."""
    return [list(step["fill"].values()) for step in scene["steps"] if "fill" in step]


@pytest.fixture
def lead(slack: Workspace, share: Callable[..., Running]) -> Message:
    """The demo's first handoff, played to the second claim, with the time that a visitor takes."""
    share(config=_DEMO)
    (title, _, first_step, context), (_, question), (answer,) = typed(_SCENES[0])
    form = open_form(slack, "U0BEN")
    form.choose("Team", "sales")
    form.submit({"title": title, "next_step": first_step, "note": context})
    slack.settle()
    card = slack.find("U0CLARA", "C0SALES", title)
    slack.wait(minutes=1)
    card.click("Claim", by="U0CLARA")
    slack.wait(minutes=2)
    card.choose("Send back", by="U0CLARA")
    fill(slack, "U0CLARA", reason="missing", note=question)
    slack.wait(minutes=3)
    card.click("Add and send again", by="U0BEN")
    fill(slack, "U0BEN", note=answer)
    slack.wait(minutes=1)
    card.click("Claim", by="U0CLARA")
    return card


def test_ben_hears_of_every_hop_and_what_he_was_told_follows_it(slack: Workspace, hand_off: HandOff) -> None:
    old = hand_off()
    old.click("Claim", by="U0EVA")
    (sent,) = slack.dms("U0BEN")
    assert "Owned by <@U0EVA>" in sent.text

    old.click("Put back", by="U0EVA")
    fill(slack, "U0EVA", note="I am out from Thursday.")

    back = slack.dms("U0BEN")[-1]
    assert "put <" in back.text
    assert "Unassigned in Customer Success" in back.text
    assert back.text.endswith("You are accountable until someone claims it.")
    assert "Unassigned" in sent.text, "his own message follows it"

    old.click("Claim", by="U0FARID")
    assert "Owned by <@U0FARID>" in back.text
    alerts = len(slack.alerts("U0BEN"))
    old.choose("Ask the sender", by="U0FARID")
    fill(slack, "U0FARID", note="Which contract?")
    slack.dms("U0BEN")[-1].click("Answer", by="U0BEN")
    fill(slack, "U0BEN", note="Enterprise.")
    assert len(slack.alerts("U0BEN")) == alerts + 1, "only the question notified him"

    old.choose("Pass on", by="U0FARID")
    fill(slack, "U0FARID", queue="support", note="It is a bug after all.")

    passed = slack.dms("U0BEN")[-1]
    assert "passed <" in passed.text
    assert "on to Support" in passed.text
    assert "Owned by" not in back.text, "the newer message says how it stands"
    card = slack.find("U0HUGO", "C0SUPPORT", "Acme renewal")
    assert "from Ben Okafor, passed on by Farid" in card.all_text()

    card.click("Claim", by="U0INES")
    assert slack.dms("U0BEN")[-1].ts == passed.ts, "a redraw is no new message"
    assert "Owned by <@U0INES>" in passed.text
    card.click("Done", by="U0INES")
    fill(slack, "U0INES", note="Fixed.")
    assert "finished" in told(slack, "U0BEN")[-1]

    card.click("Reopen", by="U0INES")
    fill(slack, "U0INES", note="Not quite.")
    assert "reopened" in told(slack, "U0BEN")[-1]
    assert "Unassigned in Support" in told(slack, "U0BEN")[-1]
    assert slack.problems() == []


def test_a_line_that_ben_deleted_does_not_come_back(slack: Workspace, hand_off: HandOff) -> None:
    card = hand_off()
    slack.dms("U0BEN")[0].delete(by="U0BEN")

    card.click("Claim", by="U0EVA")
    card.click("Put back", by="U0EVA")
    fill(slack, "U0EVA", note="I am out.")

    assert not any("Sent as" in text for text in told(slack, "U0BEN"))
    assert len(told(slack, "U0BEN")) == 1


def test_until_it_is_done_ben_gets_three_messages_though_it_was_sent_back_once(
    slack: Workspace, hand_off: HandOff
) -> None:
    card = hand_off()
    card.click("Claim", by="U0EVA")
    card.choose("Send back", by="U0EVA")
    fill(slack, "U0EVA", reason="missing", note="Whom do I call?")
    asked = slack.dms("U0BEN")[-1]
    asked.click("Add and send again", by="U0BEN")
    fill(slack, "U0BEN", note="Mara Vogel.")
    card.click("Claim", by="U0EVA")

    assert "Whom do I call?" in asked.all_text(), "the reason stays where it was read"
    exchange = "Information is missing. Whom do I call? → *Ben Okafor added:* Mara Vogel."
    assert f"*Sent back by Eva Lindqvist:* {exchange}" in card.all_text()
    card.click("Done", by="U0EVA")
    fill(slack, "U0EVA", note="They signed.")
    assert len(slack.alerts("U0BEN")) == len(told(slack, "U0BEN")) == 3


def test_of_the_demos_first_handoff_its_sender_has_at_most_three_messages_until_it_is_done(
    slack: Workspace, lead: Message
) -> None:
    sent, asked = slack.dms("U0BEN")
    assert "Owned by <@U0CLARA>" in sent.text
    assert "🟢 <@U0CLARA> · " in sent.all_text()

    lead.click("Done", by="U0CLARA")
    fill(slack, "U0CLARA", note="They took 40 seats.")

    story = about(slack, "U0BEN", "#1")
    assert len(story) == 3
    assert len(slack.alerts("U0BEN")) == 3
    assert "✅ Done by <@U0CLARA>" in story[-1].all_text()
    assert REASON in asked.all_text()
    assert slack.problems() == []


def test_the_reason_for_which_it_was_sent_back_stays_where_it_was_read(slack: Workspace, lead: Message) -> None:
    asked = slack.dms("U0BEN")[1]

    assert REASON in asked.all_text()
    assert "Add and send again" not in asked.buttons, "there is nothing to do any more"
    assert f"*Sent back by Clara Weiss:* Information is missing. {REASON} → *Ben Okafor added:* " in lead.all_text()
    assert any(REASON in reply.text for reply in lead.replies())


def test_the_message_shows_that_the_work_is_late_and_notifies_nobody(slack: Workspace, hand_off: HandOff) -> None:
    card = hand_off()
    (sent,) = slack.dms("U0BEN")
    assert "🟡 Unassigned · claim by" in sent.all_text()
    slack.wait(minutes=16)
    (nudge,) = card.replies()
    before = len(slack.alerts("U0BEN"))

    slack.wait(minutes=15)

    for message in (sent, nudge):
        assert "🔴" in message.all_text()
        assert "late since <!date" in message.text
    assert len(slack.alerts("U0BEN")) - before == len(slack.dms("U0BEN")) - 1, "only the reminder of its own"
    assert slack.problems() == []
