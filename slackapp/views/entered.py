"""What was entered in a form, as the JSON that is kept: the other half of `slackapp.views.questions`.

An input's value is what `listeners.inbound.entered` makes of it; None is no answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from slackapp import ids
from storage.questions import Kind, Question
from storage.records import Text

Values = Mapping[str, Any]

_BULLET: Final = re.compile(r"\s*(?:[-*•–◦▪‣·]\s+|\[[ xX]?\]\s*|\d{1,3}[.)]\s+)?")
"""How people begin the lines of a list."""


def answer(question: Question, values: Values, before: Any = None) -> Any:
    """The answer to a question, of a form in which it stands.

    Args:
        question: the question.
        values: what was entered, by field.
        before: the answer so far: files that were chosen earlier stay until others take their place.
    """
    if question.kind is Kind.FILES:
        return _files(values.get(question.key), values.get(question.key + ids.FILES), before)
    entered = values.get(question.key)
    if question.kind is Kind.MULTI and entered:
        order = list(question.options)
        return sorted(entered, key=lambda key: order.index(key) if key in order else len(order))
    return None if entered in (None, "", ()) else _READERS.get(question.kind, _as_it_is)(entered)


def fitting(question: Question, kept: Any) -> Any:
    """An answer that may have been given to another template's question of the same key; None if it does not fit."""
    if question.kind in {Kind.CHOICE, Kind.LAMP}:
        return kept if isinstance(kept, str) and kept in question.options else None
    if question.kind is Kind.MULTI:
        chosen = [key for key in kept if key in question.options] if isinstance(kept, list) else []
        return chosen or None
    if question.kind is Kind.CHECKLIST:
        return points(kept) if isinstance(kept, str) else kept if _is_list_of(str, kept) else None
    if question.kind is Kind.LONG and _is_list_of(str, kept):
        return "\n".join(kept)
    return kept if isinstance(kept, _SHAPES.get(question.kind, str)) else None


def _is_list_of(kind: type, kept: Any) -> bool:
    return isinstance(kept, list) and all(isinstance(one, kind) for one in kept)


_SHAPES: Final[Mapping[Kind, type]] = {Kind.TICK: bool, Kind.FILES: dict, Kind.KEY_VALUE: list}
"""What the JSON of an answer is, where it is not text."""


def core(entered: Any) -> Any:
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


def points(written: str) -> list[str] | None:
    """The lines of a list without what they begin with: dashes, numbers, boxes."""
    found = [_BULLET.sub("", line, count=1).strip() for line in written.splitlines()]
    return [one for one in found if one] or None


def pairs(written: str) -> list[list[str]] | None:
    """`name: value` a line. A line without a colon has no name, which is for the author to mend."""
    found = []
    for line in written.splitlines():
        name, colon, value = line.partition(":")
        if line.strip():
            found.append([name.strip(), value.strip()] if colon else ["", line.strip()])
    return found or None


def _files(links: Any, chosen: Any, before: Any) -> dict[str, Any] | None:
    kept = before.get("files", []) if isinstance(before, Mapping) else []
    found = {
        "links": [line.strip() for line in str(links or "").splitlines() if line.strip()],
        "files": [dict(one) for one in chosen] if chosen else list(kept),
    }
    return found if any(found.values()) else None


def _as_it_is(entered: Any) -> Any:
    return entered


_READERS: Final[Mapping[Kind, Callable[[Any], Any]]] = {
    Kind.TICK: bool,
    Kind.WHEN: lambda entered: entered.isoformat() if isinstance(entered, datetime) else entered,
    Kind.CHECKLIST: points,
    Kind.KEY_VALUE: pairs,
}
