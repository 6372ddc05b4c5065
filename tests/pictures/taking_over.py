"""What happens between the sender and the receiver: reading back, asking, sending back, and the verdict."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tests.filled import EXAMPLES
from tests.pictures.camera import Place, Script, Stage
from tests.pictures.scenes import BEN, CLARA, EVA, FARID, INES, SALES, claimed_by_eva, fill, form, hand_off, leave
from tests.pictures.templates import hand_off_in, queue_of
from tests.slack_client import Message, Modal, Workspace
from tests.stories.northwind import come_to_rest

STRICT: Final = "incident_shift"
LIGHT: Final = "sbar"
DEAL: Final = "sdr_ae"
_GIST: Final = EXAMPLES[STRICT].read_back
_QUESTION: Final = "Who signs for them, now that their sponsor is new?"


def read_back(stage: Stage) -> Place:
    """The form opens with the claim, begun with the sender's first step and the clock that runs."""
    leave(stage.slack, INES)
    hand_off_in(stage.slack, LIGHT).click("Claim", by=INES)
    return stage.dialog(INES)


def read_back_hard(stage: Stage) -> Place:
    """The strict form asks in one sentence what it is about as well."""
    _due(stage.slack)
    return stage.dialog(INES)


def due(stage: Stage) -> Place:
    """Ines has claimed it and not read it back: its sender still answers for it."""
    card = _due(stage.slack)
    leave(stage.slack, INES)
    return stage.message(card, queue_of(STRICT))


def asked_whether_right(stage: Stage) -> Place:
    """Ben hears how she understood it."""
    _said_back(stage.slack)
    return stage.message(_judged(stage.slack), "Baton")


def correct(stage: Stage) -> Place:
    """Ben says what she understood otherwise than he meant it."""
    _said_back(stage.slack)
    _judged(stage.slack).click("Needs a correction", by=BEN)
    return stage.dialog(BEN)


def ask(stage: Stage) -> Place:
    """Eva needs to know something and keeps the work."""
    leave(stage.slack, EVA)
    form(stage.slack, claimed_by_eva(stage.slack), "Ask the sender", by=EVA)
    return stage.dialog(EVA)


def asked(stage: Stage) -> Place:
    """The card says whose answer is waited for."""
    return stage.message(_asked(stage.slack), "success")


def question(stage: Stage) -> Place:
    """Ben is asked."""
    _asked(stage.slack)
    return stage.message(_told(stage.slack, "asked you"), "Baton")


def answer(stage: Stage) -> Place:
    """Ben answers."""
    leave(stage.slack, BEN)
    form(stage.slack, _asked(stage.slack), "Answer", by=BEN)
    return stage.dialog(BEN)


def _own_note(label: str) -> Script:
    """What the menu beside one's own note asks."""

    def script(stage: Stage) -> Place:
        leave(stage.slack, EVA)
        card = claimed_by_eva(stage.slack)
        form(stage.slack, card, "Add note", by=EVA)
        fill(stage.slack, EVA, note="The discount may be 90% at most.")
        card.click("Details", by=EVA)
        _choose_at_note(stage.slack.modal(EVA), label)
        return stage.dialog(EVA)

    return script


edit_note: Final = _own_note("Edit note")
delete_note: Final = _own_note("Delete note")


def send_back(stage: Stage) -> Place:
    """The reasons are those of the form that the work came with."""
    leave(stage.slack, CLARA)
    form(stage.slack, hand_off_in(stage.slack, DEAL), "Send back", by=CLARA)
    stage.slack.modal(CLARA)
    return stage.dialog(CLARA)


def resend(stage: Stage) -> Place:
    """Why it came back stands on top; what was sent is all there."""
    leave(stage.slack, CLARA)
    card = hand_off_in(stage.slack, DEAL)
    form(stage.slack, card, "Send back", by=CLARA)
    fill(stage.slack, CLARA, reason="missing_facts", note="How many plants do they have?")
    form(stage.slack, stage.slack.find(BEN, SALES, EXAMPLES[DEAL].title), "Add and send again", by=BEN)
    return stage.dialog(BEN)


def verdict(stage: Stage) -> Place:
    """Ben hears in private how the context was that he gave, and what to add next time."""
    leave(stage.slack, BEN)
    card = _asked(stage.slack)
    form(stage.slack, card, "Answer", by=BEN)
    fill(stage.slack, BEN, note="Their new head of purchasing, Ms Sato.")
    card.click("Done", by=EVA)
    fill(stage.slack, EVA, note="Renewed for a year.", verdict="asked", would_have_helped="Who signs, and since when")
    return stage.message(_told(stage.slack, "had to ask"), "Baton")


def numbers(stage: Stage) -> Place:
    """`/handoff context success`: how many could start right away."""
    for found in ("complete", "complete", "asked", "complete", "complete", "restarted"):
        card = hand_off(stage.slack)
        card.click("Claim", by=FARID)
        card.click("Done", by=FARID)
        fill(stage.slack, FARID, verdict=found)
    stage.slack.command(FARID, "context", channel="success")
    return stage.message(stage.slack.ephemerals(FARID, "success")[-1], "success")


def private(stage: Stage) -> Place:
    """The channel sees that there is something, and not what."""
    return stage.message(hand_off_in(stage.slack, "ipass"), queue_of("ipass"))


def custody(stage: Stage) -> Place:
    """Eva had it, then Farid: the card says how long."""
    leave(stage.slack, EVA)
    card = hand_off_in(stage.slack, "ae_csm")
    stage.slack.wait(minutes=4)
    card.click("Claim", by=EVA)
    stage.slack.advance(50 * 60)
    come_to_rest(stage.slack)  # many handoffs are late by then, and a channel takes one message a second
    form(stage.slack, card, "Put back", by=EVA)
    fill(stage.slack, EVA, note="I'm out from tomorrow. The call is booked for Thursday.")
    stage.slack.wait(minutes=3)
    card.click("Claim", by=FARID)
    return stage.message(card, "success")


def _due(slack: Workspace) -> Message:
    """Ines has claimed what must be read back; its form is open."""
    leave(slack, INES)
    card = hand_off_in(slack, STRICT)
    card.click("Claim", by=INES)
    return card


def _said_back(slack: Workspace) -> None:
    leave(slack, BEN)
    _due(slack)
    fill(slack, INES, gist=_GIST)


def _judged(slack: Workspace) -> Message:
    return [message for message in slack.dms(BEN) if "Needs a correction" in message.buttons][-1]


def _asked(slack: Workspace) -> Message:
    """Eva has asked Ben something."""
    leave(slack, EVA)
    card = claimed_by_eva(slack)
    form(slack, card, "Ask the sender", by=EVA)
    fill(slack, EVA, note=_QUESTION)
    return card


def _told(slack: Workspace, words: str) -> Message:
    return [message for message in slack.dms(BEN) if words in message.all_text()][-1]


def _choose_at_note(shown: Modal, label: str) -> None:
    """Choose from the menu beside one's newest note."""
    blocks = [one for one in shown.raw["blocks"] if (one.get("accessory") or {}).get("type") == "overflow"]
    menu = blocks[-1]["accessory"]
    chosen = next(one["value"] for one in menu["options"] if one["text"]["text"] == label)
    ids = {"block_id": blocks[-1]["block_id"], "action_id": menu["action_id"]}
    shown.workspace.act("view_action", user=shown.user, view_id=shown.id, value=chosen, values={}, **ids)


FORMS: Final[Mapping[str, Script]] = {
    "form-read-back": read_back,
    "form-read-back-strict": read_back_hard,
    "form-correct": correct,
    "form-ask": ask,
    "form-answer": answer,
    "form-edit-note": edit_note,
    "form-delete-note": delete_note,
    "form-return-template": send_back,
    "form-resend-template": resend,
}
