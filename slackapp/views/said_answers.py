"""An answer to a template's question in a few words, inside a sentence: "A, B changed to C"."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from slackapp.blocks import said, when
from storage.questions import OPTIONED, Kind, Question


def in_short(question: Question, answer: Any, names: Mapping[str, str]) -> str:
    """The answer on one line for mrkdwn, clipped; whole it is in the database. Nobody named in it is notified."""
    if question.kind in OPTIONED:
        keys = [answer] if isinstance(answer, str) else answer
        return said(", ".join(question.options.get(str(key), str(key)) for key in keys))
    if question.kind is Kind.PERSON:
        return said(names.get(str(answer), "")) or "somebody"
    if question.kind is Kind.WHEN:
        return _instant(str(answer))
    return said(", ".join(_parts(question.kind, answer)))


def _parts(kind: Kind, answer: Any) -> Iterable[str]:
    if kind is Kind.TICK:
        return ["yes"]
    if kind is Kind.DATE:
        return [_day(str(answer))]
    if isinstance(answer, Mapping):
        return [*answer.get("links", ()), *(str(one.get("name") or one.get("id")) for one in answer.get("files", ()))]
    if isinstance(answer, str):
        return [answer]
    return [one if isinstance(one, str) else ": ".join(map(str, one)) for one in answer]


def _day(written: str) -> str:
    try:
        day = date.fromisoformat(written)
    except ValueError:
        return written
    return f"{day.day} {day:%B %Y}"


def _instant(written: str) -> str:
    try:
        return when(datetime.fromisoformat(written))
    except ValueError:
        return said(written)
