"""What a field of a form may hold."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from urllib.parse import urlsplit

from storage.handoffs.model import Text

LONGEST: Final[Mapping[str, int]] = {"title": 150, "next_step": 300, "link": 2000}
"""Characters. The forms ask Slack to enforce the same."""
REQUIRED: Final = frozenset({"title", "next_step", "note"})


class Problem(StrEnum):
    """What is wrong with a field. Worded for people in `slackapp.views`."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    NO_SUCH_QUEUE = "no_such_queue"
    NOT_IN_TEAM = "not_in_team"
    CANNOT_OWN = "cannot_own"
    IN_THE_PAST = "in_the_past"
    NO_LINK = "no_link"
    NO_MOMENT = "no_moment"
    TOO_FAR = "too_far"
    NO_OPTION = "no_option"
    NO_NUMBER = "no_number"
    OUT_OF_BOUNDS = "out_of_bounds"
    NO_DATE = "no_date"
    NO_NAME = "no_name"
    NO_VERDICT = "no_verdict"
    NOT_YOURS = "not_yours"
    TOO_LATE = "too_late"


def problems(values: Mapping[str, Any], now: datetime) -> dict[str, Problem]:
    """What is wrong with the given values, by field. Fields that are not given are not asked for."""
    found = {field: _problem(field, value, now) for field, value in values.items()}
    return {field: problem for field, problem in found.items() if problem}


def _problem(field: str, value: Any, now: datetime) -> Problem | None:
    words = value.plain if isinstance(value, Text) else value
    if field in REQUIRED and not (words or "").strip():
        return Problem.EMPTY
    if isinstance(words, str) and len(words) > LONGEST.get(field, len(words)):
        return Problem.TOO_LONG
    if field == "link" and value is not None and not is_link(value):
        return Problem.NO_LINK
    if field == "needed_by" and value is not None and value <= now:
        return Problem.IN_THE_PAST
    return None


def is_link(text: str) -> bool:
    """Whether the text is a whole http or https address."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and not any(c.isspace() for c in text)
