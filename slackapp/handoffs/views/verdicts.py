"""The receiver's verdict on the context: its fields in the Done form, and the message that only the sender gets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from slackapp.handoffs.model import HandoffDetails
from slackapp.handoffs.rules.judging import LONGEST_LINE, asked_by_receivers, unanswered
from slackapp.handoffs.views import wording
from slackapp.runtime.visible_text import is_blank
from slackapp.slack.block_kit import inputs
from slackapp.slack.block_kit.blocks import Block, Post, quote, said, section
from slackapp.slack.block_kit.inputs import InputLabels
from slackapp.slack.ids import Field
from storage.handoffs.acts import Verdict
from storage.handoffs.lifecycle import Verb
from storage.handoffs.model import ContextVerdict


@dataclass(frozen=True, kw_only=True)
class VerdictWords:
    """The words for one verdict."""

    label: str
    """The option in the form."""
    past: str
    """In a sentence: "Eva had to ask"."""


VERDICT_WORDS: Final[Mapping[Verdict, VerdictWords]] = {
    Verdict.COMPLETE: VerdictWords(label="Yes, I could start right away", past="could start right away"),
    Verdict.ASKED: VerdictWords(label="No, I had to ask", past="had to ask"),
    Verdict.RESTARTED: VerdictWords(label="No, I had to start over", past="had to start over"),
}

_VERDICT: Final = InputLabels(
    label="Did you have what you needed?", hint="Only the sender sees your answer. Reports show totals."
)
_HELPED: Final = InputLabels(
    label="What would have helped?", hint="Only the sender sees this.", placeholder="The deadline, and what was tried"
)
_QUESTION: Final = 200
_LABEL: Final = 75
_WHOLE: Final = 5 * LONGEST_LINE
"""Characters of the longest line with every character escaped: the sender reads it in full."""


def form_inputs() -> list[Block]:
    """The fields that the Done form shows to a receiver: the verdict, and a line for the sender."""
    choices = inputs.radio({verdict.value: row.label for verdict, row in VERDICT_WORDS.items()})
    return [
        inputs.field(Field.VERDICT, _VERDICT, choices, optional=True),
        inputs.field(Field.HELPED, _HELPED, inputs.line(most=LONGEST_LINE), optional=True),
    ]


def for_sender(details: HandoffDetails, payload: Mapping[str, Any]) -> Post | None:
    """The sender's message about the verdict of this change, with advice for next time; None without one.

    The text of private work holds nothing that anybody wrote: notifications show it.
    """
    judgement = _verdict_of(details, payload)
    if judgement is None:
        return None
    lead = f"{wording.who(details, judgement.judge)} {VERDICT_WORDS[judgement.verdict].past}"
    advice = _advice(details) if judgement.verdict is not Verdict.COMPLETE else []
    whole = "\n".join([_with(lead, judgement.line), *advice])
    text = f"{lead}." if details.handoff.private else whole
    return Post(text=text, blocks=[section(whole)])


def _verdict_of(details: HandoffDetails, payload: Mapping[str, Any]) -> ContextVerdict | None:
    """The verdict that this message is about: the last one of the person who finished the work."""
    chosen = (payload.get("facts") or {}).get("verdict")
    if payload.get("verb") != Verb.COMPLETE or not chosen:
        return None
    found = [one for one in details.judgements if one.judge == payload["actor"] and one.verdict == chosen]
    return found[-1] if found else None


def _with(lead: str, line: str) -> str:
    return f"{lead}. What would have helped:\n{quote(line, _WHOLE)}" if not is_blank(line) else f"{lead}."


def _advice(details: HandoffDetails) -> list[str]:
    """The advice for next time: questions left empty, and those that the receiver had to ask."""
    left = [said(label, _LABEL) for label in unanswered(details.template, details.handoff.fields)]
    asked = [f"“{said(question, _QUESTION)}”" for question in asked_by_receivers(details.notes)]
    return [
        *([f"Next time add: {'; '.join(left)}."] if left else []),
        *([f"They asked: {' '.join(asked)}"] if asked else []),
    ]
