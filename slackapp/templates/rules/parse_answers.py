"""Parse the entered values of a form into the JSON that is stored: the counterpart of `templates.views.answer_inputs`.

An input's value is that of `slackapp.slack.payloads`; None is no answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from slackapp.runtime.visible_text import is_blank
from slackapp.templates.rules.answer_rules import ANSWER_RULES, Values
from storage.handoffs.model import Text
from storage.templates.model import Question


def parse(question: Question, values: Values, before: Any = None) -> Any:
    """The answer to a question of a form; None for none.

    Args:
        question: the question.
        values: the entered values, by field.
        before: the answer so far: files that were chosen earlier stay until others take their place.
    """
    return ANSWER_RULES[question.kind].parse(question, values, before)


def adapt(question: Question, kept: Any) -> Any:
    """An answer to another template's question of the same key, adapted to this question; None if it does not fit."""
    return ANSWER_RULES[question.kind].adapt(question, kept)


def parse_core(entered: Any) -> Any:
    """The stored value of a field that every form has."""
    if isinstance(entered, Text):
        return {"plain": entered.plain, "rich": entered.rich} if not is_blank(entered.plain) else None
    if isinstance(entered, datetime):
        return entered.isoformat()
    return entered or None


def text(kept: Any) -> Text:
    """The note that `parse_core` stored."""
    return Text(plain=kept["plain"], rich=kept["rich"]) if isinstance(kept, Mapping) else Text()


def instant(kept: Any) -> datetime | None:
    """The instant that `parse_core` stored."""
    return datetime.fromisoformat(kept) if isinstance(kept, str) else None
