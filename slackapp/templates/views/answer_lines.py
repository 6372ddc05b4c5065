"""An answer to a template's question as one line of mrkdwn: for a card, for Details, and inside a sentence.

Answers that the template's version does not know are shown as stored, so that nothing ever becomes unreadable. Typed
text is escaped and clipped; the database has it in full.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from slackapp.slack.block_kit.blocks import said
from slackapp.slack.ids import Field
from slackapp.templates.rules.answer_rules import ANSWER_RULES
from slackapp.templates.views.answer_types import ANSWER_TYPES, Names
from storage.templates.model import Question

FACT: Final = 120
"""Characters of an answer on a card."""

TOLD_CUSTOMER: Final[Mapping[str, str]] = {
    "nothing_yet": "Nothing yet",
    "colleague_will_call": "That a colleague will call",
    "full_story": "The full story",
}
"""The words for what the customer knows already, by the stored key."""


@dataclass(frozen=True, kw_only=True)
class RenderedAnswer:
    """One answer with its question; without one if the template's version does not know it."""

    key: str
    label: str
    answer: Any
    question: Question | None = None
    mark: str = ""
    """`confirmed` or `heard`, if the template asks for that."""


def line(one: RenderedAnswer, names: Names, most: int = FACT) -> str:
    """An answer as one line of mrkdwn, with its mark."""
    shown = one.question if is_shaped(one) else None
    text = ANSWER_TYPES[shown.kind].line(shown, one.answer, names, most) if shown else said(as_stored(one), most)
    return f"{text} ({one.mark})" if one.mark else text


def in_sentence(question: Question, answer: Any, names: Names) -> str:
    """An answer inside a sentence: "A, B changed to C". It notifies nobody whom it names."""
    one = RenderedAnswer(key=question.key, label=question.label, answer=answer, question=question)
    short_form = ANSWER_TYPES[question.kind].in_sentence
    return short_form(question, answer, names) if short_form and is_shaped(one) else line(one, names)


def is_shaped(one: RenderedAnswer) -> bool:
    """Whether an answer has the shape of its kind: an older version may have asked otherwise."""
    return one.question is not None and ANSWER_RULES[one.question.kind].is_shaped(one.answer)


def as_stored(one: RenderedAnswer) -> str:
    """An answer of an unknown shape, as it is stored."""
    if one.key == Field.TOLD_CUSTOMER and isinstance(one.answer, str):
        return TOLD_CUSTOMER.get(one.answer, one.answer)
    return _flat(one.answer)


def _flat(value: Any) -> str:
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {_flat(inner)}" for key, inner in value.items())
    if isinstance(value, list | tuple):
        return "; ".join(_flat(inner) for inner in value)
    return "Yes" if value is True else str(value)
