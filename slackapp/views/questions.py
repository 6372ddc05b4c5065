"""A template's questions as inputs of a form. `slackapp.views.entered` reads what comes back.

A question's block_id is its key; the files beside a question's links have the key and `ids.FILES`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from slackapp import ids
from slackapp.blocks import Block, clip
from slackapp.policy.answer_rules import LINE, TYPED, reads
from slackapp.views import inputs
from slackapp.views.inputs import Words
from storage.questions import Kind, Question

FEW: Final = 4
"""Choices that read better one below the other than behind a click."""
BOXES: Final = 10
"""Slack's limit for tick boxes; more choices become a select."""
YES: Final = "yes"
SAID_ABOVE: Final = "above"
"""The mark of a value whose origin stands above all fields."""
NEEDED: Final = "Needed now, because of what you answered."
UNLESS: Final = "Needed, unless you tick “{}”."
_NAMED: Final = 75
"""Characters of another question's label in a hint."""
_NUMBER: Final = re.compile(r"-?\d+(\.\d+)?")
_HOW: Final[Mapping[Kind, str]] = {
    Kind.CHECKLIST: "One point per line",
    Kind.KEY_VALUE: "Name: value, one per line",
    Kind.FILES: "https://, one link per line",
}
"""Placeholders that say how to write an answer with a shape."""


@dataclass(frozen=True, kw_only=True)
class Asking:
    """How a question is asked now.

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


def blocks(question: Question, answer: Any, asking: Asking) -> list[Block]:
    """A question with its present answer, as one or two inputs."""
    needed = _needed(question, asking)
    words = Words(
        label=question.label,
        hint=hint(f"{needed} {question.help}".strip(), asking.mark),
        placeholder=question.placeholder or _HOW.get(question.kind, ""),
    )
    element = _ELEMENTS[question.kind](question, answer)
    if element["type"] in _WITHOUT_PLACEHOLDER:
        words = Words(label=words.label, hint=words.hint)
    optional = not asking.must or bool(asking.unless) or (question.kind is Kind.FILES and asking.files)
    first = inputs.field(question.key, words, element, optional=optional, again=asking.again, dispatch=asking.governs)
    return [first, _files(question, answer)] if question.kind is Kind.FILES and asking.files else [first]


def _needed(question: Question, asking: Asking) -> str:
    """Why an answer is needed: now, or unless something is ticked, for which Slack has to let it stay empty."""
    if not asking.must:
        return ""
    if question.required_when or question.shown_when:
        return NEEDED
    return UNLESS.format(clip(asking.unless, _NAMED)) if asking.unless else ""


def hint(help_text: str, mark: str) -> str:
    """The help below a field. A value that its author has not entered says so, and where it comes from."""
    if not mark:
        return help_text
    return f"{'Filled in' if mark == SAID_ABOVE else f'Filled in {mark}'}. Check it. {help_text}".strip()


def lines(answer: Any, kind: Kind) -> str:
    """An answer with a shape, as the lines it is typed in."""
    if kind is Kind.KEY_VALUE:
        return "\n".join(f"{name}: {value}" if name else value for name, value in answer or ())
    if kind is Kind.FILES:
        return "\n".join((answer or {}).get("links", ()))
    return "\n".join(answer or ())


def _text(question: Question, answer: Any) -> Block:
    return inputs.line(str(answer or ""), most=LINE if question.kind is Kind.SHORT else TYPED)


def _long(question: Question, answer: Any) -> Block:
    shown = answer if question.kind is Kind.LONG else lines(answer, question.kind)
    return {**inputs.line(str(shown or ""), most=TYPED), "multiline": True}


def _one(question: Question, answer: Any) -> Block:
    if question.required and 0 < len(question.options) <= FEW:
        return inputs.radio(question.options, answer)
    return inputs.choice(question.options, answer if isinstance(answer, str) else None)


def _some(question: Question, answer: Any) -> Block:
    kind = "checkboxes" if len(question.options) <= BOXES else "multi_static_select"
    return inputs.several(kind, question.options, answer or ())


def _tick(_question: Question, answer: Any) -> Block:
    return inputs.several("checkboxes", {YES: "Yes"}, [YES] if answer else [])


def _date(_question: Question, answer: Any) -> Block:
    return {"type": "datepicker", **({"initial_date": answer} if reads(date.fromisoformat, answer) else {})}


def _when(_question: Question, answer: Any) -> Block:
    return inputs.instant(datetime.fromisoformat(answer) if reads(datetime.fromisoformat, answer) else None)


def _number(question: Question, answer: Any) -> Block:
    found = {"initial_value": str(answer or ""), "min_value": question.least, "max_value": question.most}
    fitting = {name: value for name, value in found.items() if _NUMBER.fullmatch(value)}
    return {"type": "number_input", "is_decimal_allowed": True, **fitting}


def _url(_question: Question, answer: Any) -> Block:
    return inputs.address(answer if isinstance(answer, str) else None)


def _person(_question: Question, answer: Any) -> Block:
    return inputs.person(answer if isinstance(answer, str) else None)


def _files(question: Question, answer: Any) -> Block:
    kept = ", ".join(str(found.get("name") or found.get("id")) for found in (answer or {}).get("files", ()))
    words = Words(
        label=clip(f"{question.label}: files", inputs.LABEL),
        hint=f"Kept already: {kept}. Files that you choose here take their place." if kept else "",
    )
    return inputs.field(question.key + ids.FILES, words, {"type": "file_input", "max_files": 10}, optional=True)


_WITHOUT_PLACEHOLDER: Final = frozenset({"checkboxes", "radio_buttons", "datetimepicker", "file_input"})

_ELEMENTS: Final[Mapping[Kind, Callable[[Question, Any], Block]]] = {
    Kind.SHORT: _text,
    Kind.LONG: _long,
    Kind.CHOICE: _one,
    Kind.LAMP: _one,
    Kind.MULTI: _some,
    Kind.TICK: _tick,
    Kind.DATE: _date,
    Kind.WHEN: _when,
    Kind.NUMBER: _number,
    Kind.URL: _url,
    Kind.FILES: _long,
    Kind.PERSON: _person,
    Kind.CHECKLIST: _long,
    Kind.KEY_VALUE: _long,
}
