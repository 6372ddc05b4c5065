"""Limits and checks of the fields that every handoff has."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from slackapp.runtime.visible_text import is_blank
from slackapp.slack.field_problems import FieldProblem, is_link
from storage.handoffs.model import Text

LONGEST: Final[Mapping[str, int]] = {"title": 150, "next_step": 300, "link": 2000}
"""Characters. The forms ask Slack to enforce the same."""
REQUIRED: Final = frozenset({"title", "next_step", "note"})


def problems(values: Mapping[str, Any], now: datetime) -> dict[str, FieldProblem]:
    """The problems of the given values, by field; fields that are not given are not checked."""
    found = {field: _problem(field, value, now) for field, value in values.items()}
    return {field: problem for field, problem in found.items() if problem}


def _problem(field: str, value: Any, now: datetime) -> FieldProblem | None:
    words = value.plain if isinstance(value, Text) else value
    if field in REQUIRED and is_blank(words):
        return FieldProblem.EMPTY
    if isinstance(words, str) and len(words) > LONGEST.get(field, len(words)):
        return FieldProblem.TOO_LONG
    if field == "link" and value is not None and not is_link(value):
        return FieldProblem.NO_LINK
    if field == "needed_by" and value is not None and value <= now:
        return FieldProblem.IN_THE_PAST
    return None
