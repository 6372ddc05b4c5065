"""A template's questions as inputs of a form; `slackapp.templates.rules.parse_answers` reads the values.

A question's block_id is its key; the files beside a question's links have the key and `ids.FILES`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from slackapp.slack import ids
from slackapp.slack.block_kit import inputs
from slackapp.slack.block_kit.blocks import Block, clip
from slackapp.slack.block_kit.inputs import InputLabels
from slackapp.templates.views.answer_types import ANSWER_TYPES
from storage.templates.model import Question

ORIGIN_ABOVE: Final = "above"
"""The origin of a first value that is named once above all fields."""
NEEDED: Final = "Needed now, because of what you answered."
UNLESS: Final = "Needed, unless you tick “{}”."
_NAMED: Final = 75
"""Characters of another question's label in a hint."""


@dataclass(frozen=True, kw_only=True)
class InputState:
    """The state in which a question is asked.

    `must` says that it has to be answered, `governs` that other questions depend on it, `mark` where its value came
    from, `again` how often our value took the place of what was typed, `files` whether Slack files can be chosen,
    `unless` what the tick is called that stands on the same page and makes it needless.
    """

    must: bool = False
    governs: bool = False
    mark: str = ""
    again: int = 0
    files: bool = False
    unless: str = ""


def blocks(question: Question, answer: Any, asking: InputState) -> list[Block]:
    """A question with its current answer, as one or two inputs."""
    look, needed = ANSWER_TYPES[question.kind], _needed(question, asking)
    words = InputLabels(
        label=question.label,
        hint=hint(f"{needed} {question.help}".strip(), asking.mark),
        placeholder=question.placeholder or look.placeholder,
    )
    element = look.input(question, answer)
    if element["type"] in _WITHOUT_PLACEHOLDER:
        words = InputLabels(label=words.label, hint=words.hint)
    beside = [_files(question, answer)] if look.has_files and asking.files else []
    optional = not asking.must or bool(asking.unless) or bool(beside)
    first = inputs.field(question.key, words, element, optional=optional, again=asking.again, dispatch=asking.governs)
    return [first, *beside]


def _needed(question: Question, asking: InputState) -> str:
    """The reason why an answer is required now; empty if it is not.

    It may be required unless something is ticked; then Slack has to let it stay empty.
    """
    if not asking.must:
        return ""
    if question.required_when or question.shown_when:
        return NEEDED
    return UNLESS.format(clip(asking.unless, _NAMED)) if asking.unless else ""


def hint(help_text: str, mark: str) -> str:
    """The help text below a field, with the origin of a value that its author has not entered."""
    if not mark:
        return help_text
    return f"{'Filled in' if mark == ORIGIN_ABOVE else f'Filled in {mark}'}. Check it. {help_text}".strip()


def _files(question: Question, answer: Any) -> Block:
    kept = ", ".join(str(found.get("name") or found.get("id")) for found in (answer or {}).get("files", ()))
    words = InputLabels(
        label=clip(f"{question.label}: files", inputs.LABEL),
        hint=f"Kept already: {kept}. Files that you choose here take their place." if kept else "",
    )
    return inputs.field(question.key + ids.FILES, words, {"type": "file_input", "max_files": 10}, optional=True)


_WITHOUT_PLACEHOLDER: Final = frozenset({"checkboxes", "radio_buttons", "datetimepicker", "file_input"})
