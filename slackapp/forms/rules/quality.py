"""How much of the context that a form asks for is there, and what is worth adding. Nothing here ever stops anybody.

The arithmetic is told in docs/templates.md, "How the quality line is worked out"; a test compares the weights.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from slackapp.templates.rules import questions
from slackapp.templates.rules.answer_rules import ANSWER_RULES
from storage.handoffs.model import Priority, Text
from storage.templates.model import Noting, Template

CORE: Final[Mapping[str, int]] = {"title": 1, "next_step": 3, "note": 2, "link": 1, "needed_by": 1}
"""What the fields that every form has weigh."""
HURRIED: Final = 3
"""What the deadline weighs where the urgency is high or critical."""
WORTH_ASKING: Final = 3
"""From this weight on, an optional question without an answer is worth a word."""
NUDGES: Final = 3
"""Things that are said at once, at most."""

_URGENT: Final = frozenset({Priority.HIGH, Priority.CRITICAL})
_VAGUE_WORDS: Final = """
    stuff things thing various misc several etc tbd tba tbc todo something anything everything whatever same usual later
    soon asap ok okay yes xx xxx
"""
_VAGUE: Final = frozenset(_VAGUE_WORDS.split()) | {"n/a", "to do", "see above", "as usual"}
"""Points of a list that say nothing. "None" is not among them: it says that there is nothing."""


class Lack(StrEnum):
    """What could be better."""

    NO_DEADLINE = "no_deadline"
    NO_ANSWER = "no_answer"
    VAGUE = "vague"


@dataclass(frozen=True, kw_only=True)
class Nudge:
    """One thing that could be better: of which field or question (its key), and what people call that question."""

    lack: Lack
    key: str
    label: str = ""


@dataclass(frozen=True, kw_only=True)
class Quality:
    """How much is there, from 0 to 100, and at most three things to add, the worst first."""

    score: int
    nudges: tuple[Nudge, ...] = ()


def quality(core: Mapping[str, Any], template: Template | None, answers: Mapping[str, Any]) -> Quality:
    """Weigh a form.

    Args:
        core: what stands in the fields that every form has, by key, `priority` among them.
        template: the template it is written in, if any.
        answers: the answers to the template's questions, by key.
    """
    weights = _weights(core, template, answers)
    full = sum(weights.values())
    there = sum(weight for key, weight in weights.items() if _is_there(core.get(key, answers.get(key))))
    found = sorted(_nudges(core, template, answers, weights), key=lambda weighed: -weighed[0])
    return Quality(score=round(100 * there / full) if full else 100, nudges=tuple(nudge for _, nudge in found[:NUDGES]))


def _weights(core: Mapping[str, Any], template: Template | None, answers: Mapping[str, Any]) -> dict[str, int]:
    weights = dict(CORE)
    if core.get("priority") in _URGENT:
        weights["needed_by"] = HURRIED
    if template is None:
        return weights
    if template.note is Noting.NONE:
        del weights["note"]
    return weights | {question.key: question.weight for question in questions.asked(template, answers)}


def _nudges(
    core: Mapping[str, Any], template: Template | None, answers: Mapping[str, Any], weights: Mapping[str, int]
) -> Iterator[tuple[int, Nudge]]:
    """What could be better with how much it weighs, in the order of the form."""
    if weights["needed_by"] == HURRIED and not _is_there(core.get("needed_by")):
        yield HURRIED + 1, Nudge(lack=Lack.NO_DEADLINE, key="needed_by")
    for question in questions.asked(template, answers) if template else ():
        answer = answers.get(question.key)
        named = {"key": question.key, "label": question.label}
        if _is_there(answer):
            if ANSWER_RULES[question.kind].has_points and question.weight and _says_nothing(answer):
                yield question.weight, Nudge(lack=Lack.VAGUE, **named)
        elif question.weight >= WORTH_ASKING and not questions.is_required(question, answers):
            yield question.weight, Nudge(lack=Lack.NO_ANSWER, **named)


def _is_there(value: Any) -> bool:
    if isinstance(value, Text):
        return bool(value.plain.strip())
    return questions.is_answered(value)


def _says_nothing(points: Any) -> bool:
    """Whether a list is a single point that says nothing: a vague word, or no letter and no digit."""
    if isinstance(points, str) or len(points) != 1:
        return False
    word = " ".join(str(points[0]).casefold().split()).strip(" .,;:!?-–—…*•")
    return word in _VAGUE or not any(letter.isalnum() for letter in word)
