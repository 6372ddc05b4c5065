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
NEEDED: Final = "Required because of another answer."
UNLESS: Final = "Required unless you tick “{}”."
_NAMED: Final = 75
"""Characters of another question's label in a hint."""


@dataclass(frozen=True, kw_only=True)
class InputState:
    """The state in which a question is asked."""

    is_required: bool = False
    has_dependents: bool = False
    """Whether other questions depend on the answer, so that Slack reports each change of it."""
    origin: str = ""
    """The origin of a first value; empty if the person entered it."""
    again: int = 0
    """The number of times that Baton replaced an entered value, which needs a new block_id each time."""
    files: bool = False
    """Whether Slack files can be chosen."""
    waiver_label: str = ""
    """The label of the tick on the same page that makes the question needless."""


def blocks(question: Question, answer: Any, state: InputState) -> list[Block]:
    """A question with its current answer, as one or two inputs."""
    look, needed = ANSWER_TYPES[question.kind], _needed(question, state)
    words = InputLabels(
        label=question.label,
        hint=hint(f"{needed} {question.help}".strip(), state.origin),
        placeholder=question.placeholder or look.placeholder,
    )
    element = look.input(question, answer)
    if element["type"] in _WITHOUT_PLACEHOLDER:
        words = InputLabels(label=words.label, hint=words.hint)
    beside = [_files(question, answer)] if look.has_files and state.files else []
    optional = not state.is_required or bool(state.waiver_label) or bool(beside)
    first = inputs.field(
        question.key, words, element, optional=optional, again=state.again, dispatch=state.has_dependents
    )
    return [first, *beside]


def _needed(question: Question, state: InputState) -> str:
    """The reason why an answer is required now; empty if it is not.

    It may be required unless something is ticked; then Slack has to let it stay empty.
    """
    if not state.is_required:
        return ""
    if question.required_when or question.shown_when:
        return NEEDED
    return UNLESS.format(clip(state.waiver_label, _NAMED)) if state.waiver_label else ""


def hint(help_text: str, mark: str) -> str:
    """The help text below a field, with the origin of a value that its author has not entered."""
    if not mark:
        return help_text
    return f"{'Prefilled' if mark == ORIGIN_ABOVE else f'Prefilled {mark}'}. Please check. {help_text}".strip()


def _files(question: Question, answer: Any) -> Block:
    kept = ", ".join(str(found.get("name") or found.get("id")) for found in (answer or {}).get("files", ()))
    words = InputLabels(
        label=clip(f"{question.label}: files", inputs.LABEL),
        hint=f"Attached: {kept}. Files you choose here replace them." if kept else "",
    )
    return inputs.field(question.key + ids.FILES, words, {"type": "file_input", "max_files": 10}, optional=True)


_WITHOUT_PLACEHOLDER: Final = frozenset({"checkboxes", "radio_buttons", "datetimepicker", "file_input"})
