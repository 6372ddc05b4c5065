"""Find answers that say nothing, such as "tbd": the only thing a form advises its sender to improve.

A field that was left empty is none of them: it is optional, or the form asks for it anyway.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from slackapp.runtime.visible_text import is_blank
from slackapp.slack.ids import Field
from slackapp.templates.rules import questions
from slackapp.templates.rules.answer_rules import ANSWER_RULES
from storage.templates.model import AnswerType, Template

MOST: Final = 3
"""Answers named at once, at most."""

_VAGUE_WORDS: Final = """
    stuff things thing various misc several etc tbd tba tbc todo something anything everything whatever same usual later
    soon asap xx xxx
"""
_VAGUE: Final = frozenset(_VAGUE_WORDS.split()) | {"n/a", "to do", "see above", "as usual"}
"""Texts that convey nothing. "None" is not among them: it says that there is nothing."""
_TOO_SHORT_FOR_A_LIST: Final = frozenset({"ok", "okay", "yes"})
"""Answers to a question, but no point of a list."""
_TYPED: Final = frozenset({AnswerType.SHORT, AnswerType.LONG})


def vague_answers(values: Mapping[str, Any], template: Template | None) -> list[str]:
    """Return the keys of fields and questions whose answer says nothing, in the order of the form, at most `MOST`."""
    return list(_vague(values, template))[:MOST]


def _vague(values: Mapping[str, Any], template: Template | None) -> Iterator[str]:
    for field in (Field.TITLE, Field.NEXT_STEP, Field.NOTE):
        if _says_nothing(values.get(field), _VAGUE):
            yield field.value
    for question in questions.asked(template, values) if template else ():
        answer = values.get(question.key)
        if not question.weight:
            continue
        if ANSWER_RULES[question.kind].has_points and not isinstance(answer, str):
            points = list(answer or ())
            if len(points) == 1 and _says_nothing(str(points[0]), _VAGUE | _TOO_SHORT_FOR_A_LIST):
                yield question.key
        elif question.kind in _TYPED and _says_nothing(answer, _VAGUE):
            yield question.key


def _says_nothing(answer: Any, vague: frozenset[str]) -> bool:
    """Whether a text is a vague word, or has no letter and no digit."""
    text = answer.get("plain") if isinstance(answer, Mapping) else answer
    if not isinstance(text, str) or is_blank(text):
        return False
    words = " ".join(text.casefold().split()).strip(" .,;:!?-–—…*•")
    return words in vague or not any(letter.isalnum() for letter in words)
