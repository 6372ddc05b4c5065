"""Draw the first page of an edit or a resend: the verb's own form with the values entered so far.

A resend begins with the question and its answer; what was sent before is behind a button.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from slackapp.forms.rules.core_fields import has_customer
from slackapp.forms.views.first_page import core_field, more_button
from slackapp.forms.views.page import Page
from slackapp.handoffs.model import HandoffDetails
from slackapp.handoffs.views import verb_forms, wording
from slackapp.slack.block_kit import inputs
from slackapp.slack.block_kit.blocks import Block, actions, quote, section
from slackapp.slack.ids import Field
from slackapp.templates.rules import parse_answers
from storage.handoffs.lifecycle import Verb
from storage.handoffs.model import Handoff, Priority

OTHERS: Final = "Edit other answers"


def verb_page(page: Page, details: HandoffDetails) -> list[Block]:
    """Return the first page of an edit or a resend."""
    draft = page.draft
    filled = _filled(details.handoff, page.values)
    blocks: list[Block] = verb_forms.verb_form(draft.purpose, details, page.form_context.now, filled=filled)["blocks"]
    shown = [_with_values(block, page) for block in blocks]
    if draft.purpose is not Verb.RESEND:
        is_asked = has_customer(details.template, page.values)
        return [*shown, *([core_field(page, Field.TOLD_CUSTOMER)] if is_asked else [])]
    said_first = [block for block in shown if block["type"] != "input"]
    asked = [block for block in shown if block["type"] == "input"]
    answer = [block for block in asked if inputs.key_of(block) == Field.NOTE]
    others = [block for block in asked if inputs.key_of(block) != Field.NOTE]
    lead = [*said_first[:1], *_reason_sent_back(details), *said_first[1:]]
    if draft.more:
        return [*lead, *answer, *others]
    return [*lead, *map(inputs.focused, answer), *actions(more_button(OTHERS, page, "of this handoff"))]


def _filled(handoff: Handoff, values: Mapping[str, Any]) -> Handoff:
    known = {key.value: values[key] for key in verb_forms.EDITED if key in values}
    known[Field.NEEDED_BY.value] = parse_answers.instant(values.get(Field.NEEDED_BY))
    known[Field.PRIORITY.value] = Priority(values.get(Field.PRIORITY) or Priority.NORMAL)
    for required in (Field.TITLE, Field.NEXT_STEP):
        known[required.value] = known.get(required.value) or ""
    return replace(handoff, **known)


def _with_values(block: Block, page: Page) -> Block:
    """Return an input of a verb's form as an input of this one: with its note and the present block_id."""
    if block["type"] != "input":
        return block
    key = block["block_id"]
    note = parse_answers.text(page.values.get(Field.NOTE)).rich if key == Field.NOTE else None
    shown = {**block, "block_id": inputs.block_id(key, page.draft.again.get(key, 0))}
    return {**shown, "element": {**inputs.rich(note), **shown["element"]}} if note else shown


def _reason_sent_back(details: HandoffDetails) -> list[Block]:
    """Return the reason for which the handoff was sent back, with its note."""
    note = next((one for one in reversed(details.notes) if one.verb == Verb.RETURN), None)
    if note is None:
        return []
    reason = wording.reason(note.text.reason, details.template)
    lead = f"{wording.who(details, note.author)} sent it back" + (f": {reason}" if reason else "")
    helps = quote(note.text.plain, 1500)
    return [section(f"{lead}.\n{helps}" if helps else f"{lead}.")]
