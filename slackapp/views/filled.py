"""How the answers to a template's questions read: as one line for a card or a sentence, and whole as blocks.

Every answer is read beside the version of the template that it was written in; what that version does not know is shown
as it is stored, so that nothing ever becomes unreadable. Whatever was typed is escaped or stands in rich text, which
notifies nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from slackapp.blocks import Block, clip, escape, link, packed, said, section, when
from slackapp.ids import Field
from slackapp.policy import questions
from slackapp.rich_text import PIECE, in_pieces
from slackapp.views import words
from storage.picture import Picture
from storage.questions import CARD_FACTS, LAMP, Kind, Question, Template

LABEL: Final = 75
"""Characters of a label on a card."""
FACT: Final = 120
"""Characters of an answer on a card."""
_WHOLE: Final = 2000
"""Characters of an answer on one line of Show all; longer ones have blocks of their own."""
_ADDRESS: Final = 150
_LINES: Final = 12
_SECTION: Final = 2900
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


def filled(template: Template | None, answers: Mapping[str, Any]) -> list[Filled]:
    """Every answer in the order of its questions; then those that no question asks for."""
    asked = template.questions if template else ()
    confirmed = _confirmed(asked, answers)
    found = [
        Filled(key=one.key, label=one.label, answer=answers[one.key], question=one, mark=confirmed.get(one.key, ""))
        for one in asked
        if questions.is_answered(answers.get(one.key)) and not one.confirms
    ]
    known = {one.key for one in asked}
    others = [(key, answer) for key, answer in answers.items() if key not in known and questions.is_answered(answer)]
    return [*found, *(Filled(key=key, label=_label(key), answer=answer) for key, answer in others)]


def card_facts(picture: Picture) -> list[str]:
    """The few answers that a card shows, one line each, clipped: "*Lamp:* Watch 🟡"."""
    return [f"*{_before(label)}* {text}" if text else f"*{label}*" for label, text in _on_card(picture)]


def spoken_facts(picture: Picture) -> list[str]:
    """The same as plain sentences, for those who hear the card."""
    return [f"{_before(label)} {text.rstrip('.')}." if text else f"{label}." for label, text in _on_card(picture)]


def _before(label: str) -> str:
    """A label in front of its answer: one that asks needs no colon."""
    return label if label.endswith("?") else f"{label}:"


def line(one: Filled, picture: Picture, most: int = FACT) -> str:
    """An answer as one line of mrkdwn, with its mark."""
    fits = one.question is not None and _SHAPES[one.question.kind](one.answer)
    text = _LINES_OF[one.question.kind](one, picture, most) if one.question and fits else said(_raw(one), most)
    return f"{text} ({one.mark})" if one.mark else text


def blocks(picture: Picture) -> Iterator[list[Block]]:
    """Yield all answers whole, in groups of blocks that stay together; neighbouring short ones share a section."""
    lines: list[str] = []
    for one in filled(picture.template, picture.handoff.fields):
        parts = _rich(one)
        if not parts:
            lines.append(f"*{_before(said(one.label, LABEL * 2))}* {line(one, picture, _WHOLE)}")
            continue
        yield from _sections(lines)
        lines = []
        mark = f" ({one.mark})" if one.mark else ""
        first, *rest = in_pieces({"type": "rich_text", "elements": parts})
        yield [section(f"*{said(one.label, LABEL * 2)}*{mark}"), first]
        for piece in rest:
            yield [piece]
    yield from _sections(lines)


def _sections(lines: Iterable[str]) -> Iterator[list[Block]]:
    for text in packed(lines, _LINES, _SECTION):
        yield [section(text)]


def _confirmed(asked: Sequence[Question], answers: Mapping[str, Any]) -> dict[str, str]:
    """How sure the sender is of each answer that a question asks about: what is not ticked was only heard."""
    marks: dict[str, str] = {}
    for one in asked:
        ticked = answers.get(one.key)
        sure = ticked if isinstance(ticked, list | tuple) else ()
        marks |= {key: "confirmed" if key in sure else "heard" for key in one.confirms}
    return marks


def _on_card(picture: Picture) -> list[tuple[str, str]]:
    """Label and text of what the card shows; no text where the label itself is the statement."""
    template = picture.template
    if template is None:
        return []
    found = {one.key: one for one in filled(template, picture.handoff.fields) if one.question}
    waiving = questions.waived(template, picture.handoff.fields)
    if waiving:
        return [(said(waiving.label, LABEL), "")]
    wanted = template.card or tuple(one.key for one in template.questions if one.required)
    shown = [found[key] for key in wanted if key in found][:CARD_FACTS]
    return [(said(one.label, LABEL), line(one, picture)) for one in shown]


def _label(key: str) -> str:
    """What to call an answer whose question is not known."""
    words_of_key = key.replace("_", " ").strip()
    return "Customer told" if key == Field.TOLD_CUSTOMER else words_of_key[:1].upper() + words_of_key[1:] or key


def _raw(one: Filled) -> str:
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
    listed = _linked(one.answer)
    for url, name in listed:
        text = link(url, said(name, 40))
        room -= len(text)
        if room < 0:
            break
        shown.append(text)
    left = len(listed) - len(shown)
    more = [f"{left} more in {words.SHOW_ALL}" if shown else words.counted(left, "link")] if left else []
    return ", ".join([*shown, *more])


def _linked(answer: Mapping[str, Any]) -> list[tuple[str, str]]:
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
    Kind.URL: lambda one, _, most: link(one.answer, clip(escape(one.answer), min(most, _ADDRESS))),
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


def _reads(read: Callable[[str], Any]) -> Callable[[Any], bool]:
    def reads(answer: Any) -> bool:
        try:
            read(answer)
        except (TypeError, ValueError):
            return False
        return True

    return reads


def _instant(text: str) -> None:
    if datetime.fromisoformat(text).tzinfo is None:
        raise ValueError(text)


_SHAPES: Final[Mapping[Kind, Callable[[Any], bool]]] = {
    **dict.fromkeys(Kind, _text),
    Kind.MULTI: _texts,
    Kind.CHECKLIST: _texts,
    Kind.KEY_VALUE: _pairs,
    Kind.TICK: lambda answer: answer is True,
    Kind.DATE: _reads(date.fromisoformat),
    Kind.WHEN: _reads(_instant),
    Kind.FILES: lambda answer: isinstance(answer, Mapping),
}
"""Whether an answer has the shape of its kind: an older version may have asked otherwise."""


def _rich(one: Filled) -> list[Block]:
    """An answer that may be long, as parts of a rich text block, exactly as it was typed; nothing for short kinds."""
    kind = one.question.kind if one.question and _SHAPES[one.question.kind](one.answer) else None
    match kind:
        case Kind.LONG:
            return [_paragraph([_plain(one.answer.strip())])]
        case Kind.CHECKLIST:
            return _list([_plain(item)] for item in one.answer if item.strip())
        case Kind.KEY_VALUE:
            return _list(_pair(name, value) for name, value in one.answer)
        case Kind.FILES:
            return _list([_link(url, name)] for url, name in _linked(one.answer))
        case None if len(_raw(one)) > _ADDRESS:
            return [_paragraph([_plain(_raw(one))])]
    return []


def _list(items: Iterable[list[Block]]) -> list[Block]:
    listed = [_paragraph(item) for item in items]
    return [{"type": "rich_text_list", "style": "bullet", "elements": listed}] if listed else []


def _pair(name: Any, value: Any) -> list[Block]:
    return [{**_plain(f"{name}: "), "style": {"bold": True}}, _plain(str(value) or "–")]


def _link(url: str, name: str) -> Block:
    is_safe = url.lower().startswith(("https://", "http://")) and len(url) <= PIECE
    return {"type": "link", "url": url, "text": clip(name, _ADDRESS)} if is_safe else _plain(f"{name} {url}".strip())


def _paragraph(elements: list[Block]) -> Block:
    return {"type": "rich_text_section", "elements": elements}


def _plain(text: str) -> Block:
    return {"type": "text", "text": text}
