"""The form that opens a handoff, Details, and the form of each verb that asks something."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tests.pictures.camera import Place, Script, Stage
from tests.pictures.scenes import ACME, BEN, DAN, EVA, INES, claimed_by_eva, fill, form, hand_off, leave, new_form


def opened(stage: Stage) -> Place:
    """`/handoff`."""
    new_form(stage.slack, BEN)
    return stage.dialog(BEN)


def errors(stage: Stage) -> Place:
    """Something cannot be used: the form says what on top and at each field, and keeps what was typed."""
    leave(stage.slack, BEN)
    yesterday = int(stage.slack.now()) - 24 * 60 * 60
    plain = new_form(stage.slack, BEN)
    plain.choose("queue", "success")
    plain.choose("template", "general")
    plain.submit({**ACME, "person": INES, "needed_by": yesterday})
    return stage.dialog(BEN)


def show_all(stage: Stage) -> Place:
    """Everything about a handoff: all notes, the clocks, the history, and every act its reader may do."""
    leave(stage.slack, BEN)
    card = claimed_by_eva(stage.slack)
    form(stage.slack, card, "Add note", by=EVA)
    fill(stage.slack, EVA, note="Mara is away until Thursday; I have written to her deputy.")
    card.click("Details", by=EVA)
    return stage.dialog(EVA)


def _verb(label: str, by: str, *, owned: bool = True, person: str | None = None) -> Script:
    """The form of a verb, opened by somebody who may.

    Args:
        label: what its button says.
        by: who presses it.
        owned: whether Eva has claimed the handoff before.
        person: to whom it is offered.
    """

    def script(stage: Stage) -> Place:
        leave(stage.slack, by)
        card = claimed_by_eva(stage.slack) if owned else hand_off(stage.slack, person=person)
        form(stage.slack, card, label, by=by)
        return stage.dialog(by)

    return script


def _after(ending: str, answers: Mapping[str, str], label: str, *, by: str) -> Script:
    """The form of a verb that comes after another one, which Eva did."""

    def script(stage: Stage) -> Place:
        leave(stage.slack, EVA)
        leave(stage.slack, by)
        card = claimed_by_eva(stage.slack)
        form(stage.slack, card, ending, by=EVA)
        fill(stage.slack, EVA, **answers)
        form(stage.slack, card, label, by=by)
        return stage.dialog(by)

    return script


VERBS: Final[Mapping[str, Script]] = {
    "decline": _verb("Decline", EVA, owned=False, person=EVA),
    "assign": _verb("Assign…", DAN, owned=False),
    "release": _verb("Put back", EVA),
    "transfer": _verb("Pass on", EVA),
    "return": _verb("Send back", EVA),
    "resend": _after("Send back", {"reason": "missing", "note": "Who signs?"}, "Add and send again", by=BEN),
    "edit": _verb("Edit", BEN),
    "note": _verb("Add note", EVA),
    "snooze": _verb("Snooze…", EVA),
    "extend": _verb("Extend…", DAN),
    "complete": _verb("Done", EVA),
    "cancel": _verb("Cancel handoff", BEN),
    "reopen": _after("Done", {"note": "Renewed."}, "Reopen", by=BEN),
    "delete": _verb("Delete", BEN),
}
