"""Pressed by the wrong person, too late, or on an old card: one private sentence each, and nothing changes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from slackapp.app import Running
from slackapp.slack import ids
from storage.handoffs import handoffs
from storage.handoffs.lifecycle import State
from tests.slack_client import Message, Workspace
from tests.stories.company import COMPANY
from tests.stories.northwind import ACME, HandOff, fill, open_form

ADVICE: Final = ("Ask ", "ask ", "press", "Press", "Reopen", "hand off", "Look for it", "try once more")


def forge(slack: Workspace, card: Message, by: str, **action: Any) -> None:
    """Press a button that is not, or no longer, on the card."""
    answer = slack.act("click", user=by, channel=card.channel, ts=card.ts, forge=action)
    assert answer.ok, answer


def press(slack: Workspace, card: Message, verb: str, by: str) -> str:
    """Press an old button of this card for a verb, and return the private answer."""
    target = handoff_id(card)
    forge(slack, card, by, action_id=f"handoff.{verb}", value=ids.button_value(target))
    assert slack.views(by) == [], f"{verb} must not open a form for {by}"
    sentence = slack.ephemerals(by, card.channel)[-1].text
    assert any(advice in sentence for advice in ADVICE), f"says what to do next: {sentence}"
    return sentence


def handoff_id(card: Message) -> str:
    """The id behind a card, read from its buttons."""
    return str(card.buttons["Details"]["value"].partition(":")[2])


def version(running: Running, handoff: str) -> int:
    """How often a handoff was changed."""
    with running.db.reading() as tx:
        found = handoffs.get(tx, "T0LOCAL", handoff)
    assert found is not None
    return found.version


def test_who_is_not_of_the_team_is_told_who_can(slack: Workspace, hand_off: HandOff, running: Running) -> None:
    card = hand_off()
    card.click("Claim", by="U0HUGO")
    assert "Only a member of Customer Success or a manager of Customer Success can claim it" in (
        slack.ephemerals("U0HUGO", "C0SUCCESS")[-1].text
    )
    assert "a manager" in press(slack, card, "assign", "U0EVA"), "a member cannot assign"
    assert "manager" in press(slack, card, "extend", "U0EVA")
    assert "its sender <@U0BEN>" in press(slack, card, "cancel", "U0EVA")
    assert "its sender <@U0BEN>" in press(slack, card, "delete", "U0DAN"), "a manager cannot delete"
    card.click("Claim", by="U0EVA")
    since = version(running, handoff_id(card))

    card.click("Done", by="U0BEN")
    assert "Only its owner <@U0EVA> or a manager of Customer Success can finish it" in (
        slack.ephemerals("U0BEN", "C0SUCCESS")[-1].text
    )
    for verb, person in [("release", "U0BEN"), ("transfer", "U0FARID"), ("return", "U0GRACE"), ("edit", "U0EVA")]:
        assert "Only " in press(slack, card, verb, person)

    assert version(running, handoff_id(card)) == since
    assert slack.views("U0BEN") == []
    assert all(slack.alerts(user) == [] for user in ("U0DAN", "U0EVA", "U0FARID", "U0GRACE", "U0HUGO"))
    assert slack.problems() == []


def test_losers_of_a_claim_hear_who_was_quicker_and_since_when(slack: Workspace, hand_off: HandOff) -> None:
    card = hand_off()
    card.click("Claim", by="U0EVA")
    claimed_at = int(slack.now())
    assert "<@U0EVA> has" in press(slack, card, "claim", "U0FARID")
    forge(slack, card, "U0EVA", action_id="handoff.claim", value=ids.button_value(handoff_id(card)))
    assert slack.ephemerals("U0EVA", card.channel) == [], "what she asks for is so"

    slack.wait(minutes=10)
    card.click("Details", by="U0DAN")
    slack.modal("U0DAN").click("Assign…")
    fill(slack, "U0DAN", person="U0GRACE")

    sentence = press(slack, card, "claim", "U0FARID")
    assert "<@U0GRACE> has" in sentence
    since = int(sentence.partition("<!date^")[2].partition("^")[0])
    assert since >= claimed_at + 600, "since Grace has it, not since Eva had"
    assert "ask them to put it back" in sentence


def test_an_outsider_of_a_shared_channel_can_do_nothing(
    slack: Workspace, start: Callable[..., Running], tmp_path: Path
) -> None:
    company = tmp_path / "company.yml"
    company.write_text(COMPANY.read_text().replace("channel: C0SUCCESS", "channel: C0ACME"), "utf-8")
    running = start(config=company)
    open_form(slack, "U0BEN").submit(ACME)
    slack.settle()
    card = slack.find("U0OLGA", "C0ACME", "Acme renewal")

    for label in card.buttons:
        card.click(label, by="U0OLGA")
        assert "Only people in the workspace that runs Baton" in slack.ephemerals("U0OLGA", "C0ACME")[-1].text
    for label in card.menu:
        card.choose(label, by="U0OLGA")
        assert "Ask someone there" in slack.ephemerals("U0OLGA", "C0ACME")[-1].text

    assert slack.views("U0OLGA") == []
    assert version(running, handoff_id(card)) == 1
    assert "unassigned" in card.text
    card.click("Claim", by="U0EVA")
    assert "owned by <@U0EVA>" in card.text
    assert slack.problems() == []


def test_what_is_closed_is_closed_and_says_how_to_go_on(slack: Workspace, hand_off: HandOff, running: Running) -> None:
    card = hand_off()
    card.click("Claim", by="U0EVA")
    card.click("Done", by="U0EVA")
    fill(slack, "U0EVA")
    for verb in ("claim", "complete", "release", "transfer", "return", "cancel", "edit", "extend", "assign"):
        slack.advance(10)
        sentence = press(slack, card, verb, "U0DAN")
        assert "has been done since" in sentence
        assert "press Reopen" in sentence

    card.click("Reopen", by="U0EVA")
    fill(slack, "U0EVA", note="They came back.")
    card.choose("Cancel handoff", by="U0BEN")
    fill(slack, "U0BEN", note="Not needed.")
    assert "has been cancelled since" in press(slack, card, "claim", "U0EVA")

    target = handoff_id(card)
    card.click("Details", by="U0BEN")
    slack.modal("U0BEN").click("Delete")
    fill(slack, "U0BEN")
    for action in ("handoff.claim", "handoff.complete", "handoff.note", "handoff.show"):
        forge(slack, card, "U0EVA", action_id=action, value=ids.button_value(target))
    said = [message.text for message in slack.ephemerals("U0EVA", "C0SUCCESS")][-3:]
    assert all("was deleted" in text and "start a new handoff" in text for text in said)
    assert "⚪ Deleted by <@U0BEN>" in slack.modal("U0EVA").all_text(), "Details still says what happened"
    with running.db.reading() as tx:
        stored = handoffs.get(tx, "T0LOCAL", target)
    assert stored is not None
    assert stored.state is State.DELETED
    assert slack.problems() == []


def test_a_form_that_comes_too_late_says_so_and_changes_nothing(slack: Workspace, hand_off: HandOff) -> None:
    card = hand_off()
    card.click("Claim", by="U0EVA")
    card.click("Put back", by="U0EVA")
    card.click("Details", by="U0BEN")
    slack.modal("U0BEN").click("Delete")
    card.click("Details", by="U0KIM")
    slack.modal("U0KIM").click("Delete")
    fill(slack, "U0KIM")

    late = slack.modal("U0EVA")
    late.submit({"note": "I am out."})
    assert "was deleted" in late.errors["note"]
    fill(slack, "U0BEN")
    assert "was deleted" in slack.modal("U0BEN").all_text(), "a form without fields turns into the sentence"
    assert slack.problems() == []


def test_an_old_card_is_drawn_again_when_somebody_presses_it(slack: Workspace, hand_off: HandOff) -> None:
    card = hand_off()
    slack.fault("chat.update", {"error": "internal_error"}, times=1)
    drawn = len(slack.calls("chat.update"))
    forge(slack, card, "U0EVA", action_id="handoff.tickle", value=ids.button_value(handoff_id(card)))
    assert "was out of date" in slack.ephemerals("U0EVA", "C0SUCCESS")[-1].text
    assert len(slack.calls("chat.update")) > drawn

    for value in ("v9:claim:h_123:extra", "v9:whatever", "garbage", "", "v1::", "x" * 1990, "v1:h_of_somebody_else"):
        slack.advance(5)
        drawn = len(slack.calls("chat.update"))
        forge(slack, card, "U0EVA", action_id="handoff.unheard_of", value=value)
        assert "was out of date" in slack.ephemerals("U0EVA", "C0SUCCESS")[-1].text, value
        assert len(slack.calls("chat.update")) > drawn, value

    forge(slack, card, "U0EVA", action_id="handoff.claim", value="v9:something")
    assert "was out of date" in slack.ephemerals("U0EVA", "C0SUCCESS")[-1].text
    for action in ("handoff.claim", "handoff.complete", "handoff.show"):
        forge(slack, card, "U0EVA", action_id=action, value="v1:h_of_another_workspace")
        sentence = slack.ephemerals("U0EVA", "C0SUCCESS")[-1].text
        assert "no longer exists" in sentence
        assert "/handoff mine" in sentence
    forge(slack, card, "U0EVA", action_id="handoff.show", value="garbage")
    assert "nothing was changed" in slack.ephemerals("U0EVA", "C0SUCCESS")[-1].text
    assert "unassigned" in card.text
    assert slack.problems() == []


def test_claiming_in_show_all_shows_at_once_what_became_of_it(slack: Workspace, hand_off: HandOff) -> None:
    card = hand_off()
    card.click("Details", by="U0EVA")
    card.click("Details", by="U0FARID")

    slack.modal("U0EVA").click("Claim")

    assert "🟢 You · " in slack.modal("U0EVA").all_text()
    assert "Claim" not in slack.modal("U0EVA").buttons
    slack.modal("U0FARID").click("Claim")
    assert "<@U0EVA> has" in slack.modal("U0FARID").all_text(), "who comes second reads who was first"
    assert slack.problems() == []
