"""An answer to a template's question as one line of mrkdwn: for a card, for Show all, and inside a sentence.

What the version of the template does not know is shown as it is stored, so that nothing ever becomes unreadable.
Whatever was typed is escaped; whole it is in the database.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from slackapp.blocks import clip, escape, link, said, when
from slackapp.ids import Field
from slackapp.policy.answer_rules import reads
from slackapp.views import phrases, words
from storage.picture import Picture
from storage.questions import LAMP, Kind, Question

FACT: Final = 120
"""Characters of an answer on a card."""
ADDRESS: Final = 150
"""Characters of an address that are shown."""
_LINKS: Final = 1200
"""Characters that the links of one line may take, their addresses included."""
_LIGHTS: Final = ("🟢", "🟡", "🔴")
_TOLD: Final = {"yes": "Yes", "no": "No", "not_yet": "Not yet"}


@dataclass(frozen=True, kw_only=True)
class Filled:
    """One answer with its question; without one where the version of the template knows of none."""

    key: str
    label: str
    answer: Any
    question: Question | None = None
    mark: str = ""
    """`confirmed` or `heard`, where the template asks for that."""


def line(one: Filled, picture: Picture, most: int = FACT) -> str:
    """An answer as one line of mrkdwn, with its mark."""
    text = _LINES_OF[one.question.kind](one, picture, most) if one.question and fits(one) else said(raw(one), most)
    return f"{text} ({one.mark})" if one.mark else text


def in_short(question: Question, answer: Any, picture: Picture) -> str:
    """An answer inside a sentence: "A, B changed to C". Nobody named in it is notified."""
    one = Filled(key=question.key, label=question.label, answer=answer, question=question)
    match question.kind if fits(one) else None:
        case Kind.PERSON:
            return words.who(picture, answer) if answer in picture.names else "somebody"
        case Kind.LAMP:
            return said(_word(one, answer))
        case Kind.TICK:
            return "yes"
    return line(one, picture)


def fits(one: Filled) -> bool:
    """Whether an answer has the shape of its kind: an older version may have asked otherwise."""
    return one.question is not None and _SHAPES[one.question.kind](one.answer)


def raw(one: Filled) -> str:
    """An answer of a shape that is not known here, as it is stored."""
    if one.key == Field.TOLD_CUSTOMER and isinstance(one.answer, str):
        return _TOLD.get(one.answer, one.answer)
    return _flat(one.answer)


def _flat(value: Any) -> str:
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {_flat(inner)}" for key, inner in value.items())
    if isinstance(value, list | tuple):
        return "; ".join(_flat(inner) for inner in value)
    return "Yes" if value is True else str(value)


def _word(one: Filled, key: str) -> str:
    """What an option is called; a key that the version does not know stands for itself."""
    assert one.question is not None  # noqa: S101 - callers have looked
    known = one.question.options or (LAMP if one.question.kind is Kind.LAMP else {})
    return known.get(key, key)


def _lamp(one: Filled, most: int) -> str:
    """The word, then the light: colour alone would say nothing to some."""
    assert one.question is not None  # noqa: S101 - callers have looked
    steps = list(one.question.options or LAMP)
    light = f" {_LIGHTS[steps.index(one.answer)]}" if one.answer in steps[: len(_LIGHTS)] else ""
    return said(_word(one, one.answer), most) + light


def _day(one: Filled, _picture: Picture, _most: int) -> str:
    """A day is the same day in every time zone."""
    day = date.fromisoformat(one.answer)
    return f"{day:%a}, {day.day} {day:%b %Y}"


def _person(one: Filled, picture: Picture, _most: int) -> str:
    return words.who(picture, one.answer)


def _files(one: Filled, _picture: Picture, _most: int) -> str:
    """Links to files and pages; Slack decides who may open one."""
    room, shown = _LINKS, []
    listed = linked(one.answer)
    for url, name in listed:
        text = link(url, said(name, 40))
        room -= len(text)
        if room < 0:
            break
        shown.append(text)
    left = len(listed) - len(shown)
    more = [f"{left} more in {words.SHOW_ALL}" if shown else phrases.counted(left, "link")] if left else []
    return ", ".join([*shown, *more])


def linked(answer: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Address and name of each file and link; a file that has no address only has its name."""
    files = [one for one in answer.get("files") or () if isinstance(one, Mapping)]
    named = [(str(one.get("permalink") or ""), str(one.get("name") or one.get("id"))) for one in files]
    pages = [(str(url), str(url)) for url in answer.get("links") or ()]
    return [(url, " ".join(name.split()) or url.strip() or "a file") for url, name in (*named, *pages)]


_LINES_OF: Final[Mapping[Kind, Callable[[Filled, Picture, int], str]]] = {
    Kind.SHORT: lambda one, _, most: said(one.answer, most),
    Kind.LONG: lambda one, _, most: said(one.answer, most),
    Kind.CHOICE: lambda one, _, most: said(_word(one, one.answer), most),
    Kind.MULTI: lambda one, _, most: said(", ".join(_word(one, key) for key in one.answer), most),
    Kind.TICK: lambda _one, _, _most: "Yes",
    Kind.DATE: _day,
    Kind.WHEN: lambda one, _, _most: when(datetime.fromisoformat(one.answer)),
    Kind.NUMBER: lambda one, _, most: said(one.answer, most),
    Kind.URL: lambda one, _, most: link(one.answer, clip(escape(one.answer), min(most, ADDRESS))),
    Kind.FILES: _files,
    Kind.PERSON: _person,
    Kind.CHECKLIST: lambda one, _, most: said("; ".join(one.answer), most),
    Kind.LAMP: lambda one, _, most: _lamp(one, most),
    Kind.KEY_VALUE: lambda one, _, most: said("; ".join(f"{name}: {value}" for name, value in one.answer), most),
}
"""An answer of each kind as one line."""


def _text(answer: Any) -> bool:
    return isinstance(answer, str)


def _texts(answer: Any) -> bool:
    return isinstance(answer, list | tuple) and all(isinstance(one, str) for one in answer)


def _pairs(answer: Any) -> bool:
    return isinstance(answer, list | tuple) and all(isinstance(one, list | tuple) and len(one) == 2 for one in answer)  # noqa: PLR2004


def _instant(text: str) -> None:
    if datetime.fromisoformat(text).tzinfo is None:
        raise ValueError(text)


_SHAPES: Final[Mapping[Kind, Callable[[Any], bool]]] = {
    **dict.fromkeys(Kind, _text),
    Kind.MULTI: _texts,
    Kind.CHECKLIST: _texts,
    Kind.KEY_VALUE: _pairs,
    Kind.TICK: lambda answer: answer is True,
    Kind.DATE: lambda answer: reads(date.fromisoformat, answer),
    Kind.WHEN: lambda answer: reads(_instant, answer),
    Kind.FILES: lambda answer: isinstance(answer, Mapping),
}
"""What an answer of each kind looks like in the database."""
