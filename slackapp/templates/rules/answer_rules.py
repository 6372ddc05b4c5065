"""The rules for answers to each kind of question: parsing, checks, and first values from other sources.

`ANSWER_RULES` has one row per kind; how inputs and answers are drawn is in `templates.views.answer_types`. Answers are
the JSON of `Handoff.fields`; `storage.templates.model.AnswerType` gives the shape of each kind.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum, auto
from typing import Any, Final

from slackapp.runtime.visible_text import is_blank
from slackapp.slack import ids
from slackapp.slack.field_problems import FieldProblem, is_link
from storage.templates.model import LAMP, AnswerType, Question

Values = Mapping[str, Any]
"""The entered values of a form, by field; None is no answer."""

TYPED: Final = 3000
"""Characters of one answer: Slack's limit for a text input."""
LINE: Final = 300
"""Characters of an answer on one line."""
YES: Final = "yes"
"""The word by which a condition names a ticked box."""

_BULLET: Final = re.compile(r"\s*(?:[-*•–◦▪‣·]\s+|\[[ xX]?\]\s*|\d{1,3}[.)]\s+)?")
"""Characters with which people begin the lines of a list."""


class MessagePart(StrEnum):
    """The part of a message that a first value is taken from."""

    LINE = auto()
    TEXT = auto()
    POINTS = auto()
    ADDRESS = auto()
    FILES = auto()
    PERSON = auto()
    INSTANT = auto()
    DAY = auto()


class Setting(StrEnum):
    """Settings of a template's question that only some kinds have."""

    OPTIONS = "options"
    CONFIRMS = "confirms"
    WAIVES = "waives"
    MIN = "min"
    MAX = "max"


@dataclass(frozen=True, kw_only=True)
class AnswerRule:
    """The rules for answers to one kind of question."""

    description: str
    """For authors of templates: what it asks for."""
    parse: Callable[[Question, Values, Any], Any]
    """Given the question, the entered values and the answer so far, returns the answer; None for none."""
    is_shaped: Callable[[Any], bool]
    """Whether JSON has the shape of this kind: an older version may have asked otherwise."""
    adapt: Callable[[Question, Any], Any]
    """An answer to another question, adapted to this one as far as possible; else None."""
    problem: Callable[[Question, Any], FieldProblem | None] = lambda _question, _answer: None
    """The problem of an answer that is not too long; None if it is valid."""
    longest: int | None = TYPED
    """Characters of an answer; None where it is chosen, not typed."""
    settings: frozenset[Setting] = frozenset()
    """The settings that a template may give such a question."""
    default_options: Mapping[str, str] = field(default_factory=dict)
    """The options if the template names none."""
    fixed_answers: tuple[str, ...] = ()
    """The answers that a condition may name, if they are not options."""
    first_value: MessagePart | None = None
    """The part of a message that is its first value; None for none."""
    repeats: bool = True
    """Whether the answer of the previous handoff may be proposed again."""
    is_dated: bool = False
    """Whether it names a day or an instant, which may have passed since."""
    names_person: bool = False
    has_points: bool = False
    """Whether it is a list of points; a single vague one says too little."""

    @property
    def takes_options(self) -> bool:
        """Whether its answers are keys of options."""
        return Setting.OPTIONS in self.settings


def parses(read: Callable[[Any], object], answer: Any) -> bool:
    """Whether a reader accepts an answer."""
    try:
        read(answer)
    except (TypeError, ValueError):
        return False
    return True


# Reading what was entered


def _entered(read: Callable[[Any], Any]) -> Callable[[Question, Values, Any], Any]:
    """A parser of a question's only input; an empty value is no answer."""

    def parse(question: Question, values: Values, _before: Any) -> Any:
        entered = values.get(question.key)
        return None if entered in (None, ()) or (isinstance(entered, str) and is_blank(entered)) else read(entered)

    return parse


def _unchanged(entered: Any) -> Any:
    return entered


def _instant(entered: Any) -> Any:
    return entered.isoformat() if isinstance(entered, datetime) else entered


def _points(written: str) -> list[str] | None:
    """The lines of a list without their bullets: dashes, numbers, boxes."""
    found = [_BULLET.sub("", line, count=1).strip() for line in written.splitlines()]
    return [one for one in found if not is_blank(one)] or None


def _pairs(written: str) -> list[list[str]] | None:
    """The `name: value` lines as pairs. A line without a colon gets no name, which its author has to fix."""
    found = []
    for line in written.splitlines():
        name, colon, value = line.partition(":")
        if not is_blank(line):
            found.append([name.strip(), value.strip()] if colon else ["", line.strip()])
    return found or None


def _options(question: Question, values: Values, _before: Any) -> Any:
    """The chosen options, in the order of the template."""
    entered, order = values.get(question.key), list(question.options)
    return sorted(entered, key=lambda key: order.index(key) if key in order else len(order)) if entered else None


def _files(question: Question, values: Values, before: Any) -> dict[str, Any] | None:
    """Links and files. Files chosen earlier stay until others replace them."""
    links, chosen = values.get(question.key), values.get(question.key + ids.FILES)
    kept = before.get("files", []) if isinstance(before, Mapping) else []
    found = {
        "links": [line.strip() for line in str(links or "").splitlines() if not is_blank(line)],
        "files": [dict(one) for one in chosen] if chosen else list(kept),
    }
    return found if any(found.values()) else None


# Shapes


def _is_text(answer: Any) -> bool:
    return isinstance(answer, str)


def _is_texts(answer: Any) -> bool:
    return isinstance(answer, list | tuple) and all(isinstance(one, str) for one in answer)


def _is_pairs(answer: Any) -> bool:
    return isinstance(answer, list | tuple) and all(isinstance(one, list | tuple) and len(one) == 2 for one in answer)  # noqa: PLR2004


def _is_files(answer: Any) -> bool:
    return isinstance(answer, Mapping)


def _is_yes(answer: Any) -> bool:
    return answer is True


def _is_day(answer: Any) -> bool:
    return parses(date.fromisoformat, answer)


def _is_instant(answer: Any) -> bool:
    return parses(datetime.fromisoformat, answer) and datetime.fromisoformat(answer).tzinfo is not None


# Answers that were given to another question


def _if_shaped(is_shaped: Callable[[Any], bool]) -> Callable[[Question, Any], Any]:
    return lambda _question, kept: kept if is_shaped(kept) else None


def _one_option(question: Question, kept: Any) -> Any:
    return kept if isinstance(kept, str) and kept in question.options else None


def _known_options(question: Question, kept: Any) -> Any:
    chosen = [one for one in kept if isinstance(one, str) and one in question.options] if _is_list(kept) else []
    return chosen or None


def _is_list(kept: Any) -> bool:
    return isinstance(kept, list | tuple)


def _lines_as_text(_question: Question, kept: Any) -> Any:
    return "\n".join(kept) if _is_texts(kept) else kept if isinstance(kept, str) else None


def _text_as_points(_question: Question, kept: Any) -> Any:
    return _points(kept) if isinstance(kept, str) else kept if _is_texts(kept) else None


# What is wrong with an answer


def _option_problem(question: Question, answer: Any) -> FieldProblem | None:
    chosen = answer if _is_list(answer) else [answer]
    return None if all(one in question.options for one in chosen if isinstance(one, str)) else FieldProblem.NO_OPTION


def _number_problem(question: Question, answer: Any) -> FieldProblem | None:
    try:
        number = Decimal(str(answer))
    except InvalidOperation:
        return FieldProblem.NO_NUMBER
    if not number.is_finite():
        return FieldProblem.NO_NUMBER
    too_small = bool(question.least) and number < Decimal(question.least)
    too_large = bool(question.most) and number > Decimal(question.most)
    return FieldProblem.OUT_OF_BOUNDS if too_small or too_large else None


def _link_problem(_question: Question, answer: Any) -> FieldProblem | None:
    return None if is_link(str(answer)) else FieldProblem.NO_LINK


def _links_problem(_question: Question, answer: Any) -> FieldProblem | None:
    return None if all(map(is_link, answer.get("links", ()))) else FieldProblem.NO_LINK


def _day_problem(_question: Question, answer: Any) -> FieldProblem | None:
    return None if parses(date.fromisoformat, answer) else FieldProblem.NO_DATE


def _instant_problem(_question: Question, answer: Any) -> FieldProblem | None:
    return None if parses(datetime.fromisoformat, answer) else FieldProblem.NO_DATE


def _name_problem(_question: Question, answer: Sequence[Sequence[str]]) -> FieldProblem | None:
    return FieldProblem.NO_NAME if any(is_blank(name) for name, _ in answer) else None


_TEXT: Final = _if_shaped(_is_text)

ANSWER_RULES: Final[Mapping[AnswerType, AnswerRule]] = {
    AnswerType.SHORT: AnswerRule(
        description="Short text",
        parse=_entered(_unchanged),
        is_shaped=_is_text,
        adapt=_TEXT,
        longest=LINE,
        first_value=MessagePart.LINE,
    ),
    AnswerType.LONG: AnswerRule(
        description="Long text",
        parse=_entered(_unchanged),
        is_shaped=_is_text,
        adapt=_lines_as_text,
        first_value=MessagePart.TEXT,
    ),
    AnswerType.CHOICE: AnswerRule(
        description="One option",
        parse=_entered(_unchanged),
        is_shaped=_is_text,
        adapt=_one_option,
        problem=_option_problem,
        longest=None,
        settings=frozenset({Setting.OPTIONS}),
    ),
    AnswerType.MULTI: AnswerRule(
        description="Several options",
        parse=_options,
        is_shaped=_is_texts,
        adapt=_known_options,
        problem=_option_problem,
        longest=None,
        settings=frozenset({Setting.OPTIONS, Setting.CONFIRMS}),
    ),
    AnswerType.TICK: AnswerRule(
        description="Checkbox",
        parse=_entered(bool),
        is_shaped=_is_yes,
        adapt=_if_shaped(lambda kept: isinstance(kept, bool)),
        settings=frozenset({Setting.WAIVES}),
        fixed_answers=(YES,),
        repeats=False,  # it states something about today
    ),
    AnswerType.DATE: AnswerRule(
        description="Date",
        parse=_entered(_unchanged),
        is_shaped=_is_day,
        adapt=_TEXT,
        problem=_day_problem,
        first_value=MessagePart.DAY,
        is_dated=True,
    ),
    AnswerType.WHEN: AnswerRule(
        description="Date and time",
        parse=_entered(_instant),
        is_shaped=_is_instant,
        adapt=_TEXT,
        problem=_instant_problem,
        first_value=MessagePart.INSTANT,
        is_dated=True,
    ),
    AnswerType.NUMBER: AnswerRule(
        description="Number",
        parse=_entered(_unchanged),
        is_shaped=_is_text,
        adapt=_TEXT,
        problem=_number_problem,
        settings=frozenset({Setting.MIN, Setting.MAX}),
    ),
    AnswerType.URL: AnswerRule(
        description="Web address",
        parse=_entered(_unchanged),
        is_shaped=_is_text,
        adapt=_TEXT,
        problem=_link_problem,
        first_value=MessagePart.ADDRESS,
    ),
    AnswerType.FILES: AnswerRule(
        description="Files and links",
        parse=_files,
        is_shaped=_is_files,
        adapt=_if_shaped(_is_files),
        problem=_links_problem,
        first_value=MessagePart.FILES,
    ),
    AnswerType.PERSON: AnswerRule(
        description="Person",
        parse=_entered(_unchanged),
        is_shaped=_is_text,
        adapt=_TEXT,
        first_value=MessagePart.PERSON,
        names_person=True,
    ),
    AnswerType.CHECKLIST: AnswerRule(
        description="List (one point per line)",
        parse=_entered(_points),
        is_shaped=_is_texts,
        adapt=_text_as_points,
        first_value=MessagePart.POINTS,
        has_points=True,
    ),
    AnswerType.LAMP: AnswerRule(
        description="Status light (stable, watch or unstable)",
        parse=_entered(_unchanged),
        is_shaped=_is_text,
        adapt=_one_option,
        problem=_option_problem,
        longest=None,
        settings=frozenset({Setting.OPTIONS}),
        default_options=LAMP,
    ),
    AnswerType.KEY_VALUE: AnswerRule(
        description="Names and values (one pair per line)",
        parse=_entered(_pairs),
        is_shaped=_is_pairs,
        adapt=_if_shaped(_is_pairs),
        problem=_name_problem,
    ),
}


def type_words(kind: AnswerType) -> str:
    """A type as people who choose one in Slack know it: "Status light"."""
    return ANSWER_RULES[kind].description.partition(" (")[0]


def quoted_type(kind: AnswerType) -> str:
    """A type in a sentence."""
    return f"“{type_words(kind)}”"
