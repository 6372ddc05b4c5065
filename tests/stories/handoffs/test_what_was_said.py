"""What people were told stays true, or the next message corrects it, without a notification for each change."""

from __future__ import annotations

from tests.slack_client import Workspace
from tests.stories.northwind import HandOff, fill, told


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
