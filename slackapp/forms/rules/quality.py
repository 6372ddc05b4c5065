"""Score how complete a form is and choose what to suggest adding. Advice only; it never blocks a submit.

The arithmetic is described in docs/templates.md, "How the quality line is worked out"; a test compares the weights.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from slackapp.runtime.visible_text import is_blank
from slackapp.templates.rules import questions
from slackapp.templates.rules.answer_rules import ANSWER_RULES
from storage.handoffs.model import Priority, Text
from storage.templates.model import NoteMode, Template

CORE_WEIGHTS: Final[Mapping[str, int]] = {"title": 1, "next_step": 3, "note": 2, "link": 1, "needed_by": 1}
"""Weights of the fields that every form has."""
URGENT_DEADLINE_WEIGHT: Final = 3
"""Weight of the deadline if the priority is high or critical."""
SUGGESTED_FROM_WEIGHT: Final = 3
"""Weight from which on an unanswered optional question is suggested."""
MOST_SUGGESTIONS: Final = 3
"""Suggestions shown at once, at most."""

_URGENT: Final = frozenset({Priority.HIGH, Priority.CRITICAL})
_VAGUE_WORDS: Final = """
    stuff things thing various misc several etc tbd tba tbc todo something anything everything whatever same usual later
    soon asap ok okay yes xx xxx
"""
_VAGUE: Final = frozenset(_VAGUE_WORDS.split()) | {"n/a", "to do", "see above", "as usual"}
"""Points of a list that convey nothing. "None" is not among them: it says that there is nothing."""


class Weakness(StrEnum):
    """Kinds of weakness in a form."""

    NO_DEADLINE = "no_deadline"
    NO_ANSWER = "no_answer"
    VAGUE = "vague"


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """One suggestion: the kind of weakness, the key of its field or question, and the question's label."""

    weakness: Weakness
    key: str
    label: str = ""


@dataclass(frozen=True, kw_only=True)
class Quality:
    """Completeness from 0 to 100, and at most three suggestions, the weightiest first."""

    score: int
    suggestions: tuple[Suggestion, ...] = ()


def assess_quality(core: Mapping[str, Any], template: Template | None, answers: Mapping[str, Any]) -> Quality:
    """Return a form's completeness and suggestions.

    Args:
        core: values of the core fields by key, `priority` among them.
        template: the form's template, if any.
        answers: the answers to the template's questions, by key.
    """
    weights = _weights(core, template, answers)
    full = sum(weights.values())
    there = sum(weight for key, weight in weights.items() if _is_answered(core.get(key, answers.get(key))))
    found = sorted(_suggestions(core, template, answers, weights), key=lambda weighed: -weighed[0])
    return Quality(
        score=round(100 * there / full) if full else 100,
        suggestions=tuple(suggestion for _, suggestion in found[:MOST_SUGGESTIONS]),
    )


def _weights(core: Mapping[str, Any], template: Template | None, answers: Mapping[str, Any]) -> dict[str, int]:
    weights = dict(CORE_WEIGHTS)
    if core.get("priority") in _URGENT:
        weights["needed_by"] = URGENT_DEADLINE_WEIGHT
    if template is None:
        return weights
    if template.note is NoteMode.NONE:
        del weights["note"]
    return weights | {question.key: question.weight for question in questions.asked(template, answers)}


def _suggestions(
    core: Mapping[str, Any], template: Template | None, answers: Mapping[str, Any], weights: Mapping[str, int]
) -> Iterator[tuple[int, Suggestion]]:
    """Yield every suggestion with its weight, in the order of the form."""
    if weights["needed_by"] == URGENT_DEADLINE_WEIGHT and not _is_answered(core.get("needed_by")):
        yield URGENT_DEADLINE_WEIGHT + 1, Suggestion(weakness=Weakness.NO_DEADLINE, key="needed_by")
    for question in questions.asked(template, answers) if template else ():
        answer = answers.get(question.key)
        named = {"key": question.key, "label": question.label}
        if _is_answered(answer):
            if ANSWER_RULES[question.kind].has_points and question.weight and _is_vague(answer):
                yield question.weight, Suggestion(weakness=Weakness.VAGUE, **named)
        elif question.weight >= SUGGESTED_FROM_WEIGHT and not questions.is_required(question, answers):
            yield question.weight, Suggestion(weakness=Weakness.NO_ANSWER, **named)


def _is_answered(value: Any) -> bool:
    if isinstance(value, Text):
        return not is_blank(value.plain)
    return questions.is_answered(value)


def _is_vague(points: Any) -> bool:
    """Whether a list is a single point without content: a vague word, or no letter and no digit."""
    if isinstance(points, str) or len(points) != 1:
        return False
    word = " ".join(str(points[0]).casefold().split()).strip(" .,;:!?-–—…*•")
    return word in _VAGUE or not any(letter.isalnum() for letter in word)
