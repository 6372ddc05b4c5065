"""Draw the warning that the same work is being handled already, and the form that adds a note there instead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from slackapp.handoffs.model import HandoffDetails
from slackapp.handoffs.rules.privacy import stub
from slackapp.handoffs.views import status, verb_forms, wording
from slackapp.slack import ids
from slackapp.slack.block_kit import inputs
from slackapp.slack.block_kit.blocks import Block, button, context, section
from slackapp.slack.block_kit.rich_text import rich_of
from storage.handoffs.lifecycle import Verb

ADD: Final = "Add note"
IN_PASSING: Final = "If this is something else, continue below."
DECIDING: Final = "If this is something else, continue anyway."


def warning_blocks(found: Sequence[HandoffDetails], now: datetime, otherwise: str) -> list[Block]:
    """Return the unfinished handoffs, each with its button; empty if there are none.

    Private work shows its state only; people who may add a note there see the rest in the note form.

    Args:
        found: the handoffs.
        now: the present instant.
        otherwise: the sentence about what to do if the form is about something else.
    """
    rows = [
        section(
            f"{wording.name(details, bold=True)} is already open: {status.phrase(details, now)}.",
            accessory=button(
                ADD, ids.NOTE_THERE, ids.button_value(details.handoff.id), about=wording.about(details.handoff)
            ),
        )
        for details in map(stub, found)
    ]
    return [*rows, context(otherwise)] if rows else []


def note_form(details: HandoffDetails, now: datetime, entered: Mapping[str, Any]) -> Block:
    """Return the form that adds a note to a handoff, with what was typed in another form as its text.

    Args:
        details: the handoff.
        now: the present instant.
        entered: typed values as plain text by label; the note as rich text under an empty label.
    """
    view = verb_forms.verb_form(Verb.NOTE, details, now)
    lines = [f"{name}: {value}" for name, value in entered.items() if name and value]
    rich = dict(entered.get("") or {})
    parts = [*rich.get("elements", ()), *(rich_of("\n".join(lines))["elements"] if lines else ())]
    if not parts:
        return view
    text = {"type": "rich_text", "elements": parts}
    return {**view, "blocks": [_filled(block, text) for block in view["blocks"]]}


def _filled(block: Block, text: Mapping[str, Any]) -> Block:
    """Return a note's input block with its first text; every other block unchanged."""
    if block.get("block_id") != ids.Field.NOTE.value:
        return block
    return {**block, "element": {**block["element"], **inputs.rich(text)}}
