"""What was entered in a form, as the JSON that is kept: the other half of the inputs that views draw.

An input's value is what `listeners.inbound.entered` makes of it; None is no answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from slackapp.templates.rules.answer_rules import ANSWER_RULES, Values
from storage.handoffs.model import Text
from storage.templates.model import Question


def parse(question: Question, values: Values, before: Any = None) -> Any:
    """The answer to a question, of a form in which it stands; None for none.

    Args:
        question: the question.
        values: what was entered, by field.
        before: the answer so far: files that were chosen earlier stay until others take their place.
    """
    return ANSWER_RULES[question.kind].parse(question, values, before)


def adapt(question: Question, kept: Any) -> Any:
    """An answer that may have been given to another template's question of the same key; None if it does not fit."""
    return ANSWER_RULES[question.kind].adapt(question, kept)


def parse_core(entered: Any) -> Any:
    """What was entered in a field that every form has."""
    if isinstance(entered, Text):
        return {"plain": entered.plain, "rich": entered.rich} if entered.plain.strip() else None
    if isinstance(entered, datetime):
        return entered.isoformat()
    return entered or None


def text(kept: Any) -> Text:
    """A note that `core` has read."""
    return Text(plain=kept["plain"], rich=kept["rich"]) if isinstance(kept, Mapping) else Text()


def instant(kept: Any) -> datetime | None:
    """An instant that `core` has read."""
    return datetime.fromisoformat(kept) if isinstance(kept, str) else None
