"""The drawing of each kind of question: its input in a form, its answer on one line, and its answer in full.

`ANSWER_TYPES` has one row per kind; the rules for answers are in `templates.rules.answer_rules`. Typed text is escaped
or in rich text, which notifies nobody. `names` are people's names by user id.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from slackapp.runtime.visible_text import is_blank
from slackapp.slack.block_kit import inputs, phrases
from slackapp.slack.block_kit.blocks import Block, clip, escape, link, said, units, when
from slackapp.slack.block_kit.rich_text import PIECE
from slackapp.templates.rules.answer_rules import ANSWER_RULES, LINE, TYPED, YES, parses
from storage.templates.model import AnswerType, Question

Names = Mapping[str, str]

FEW: Final = 4
"""The largest number of choices that are shown as radio buttons."""
BOXES: Final = 10
"""Slack's limit for checkboxes; more choices become a select."""
ADDRESS: Final = 150
"""Characters of an address that are shown."""
_LINKS: Final = 1200
"""Characters that the links of one line may take, their addresses included."""
_LIGHTS: Final = ("🟢", "🟡", "🔴")
_NUMBER: Final = re.compile(r"-?\d+(\.\d+)?")


@dataclass(frozen=True, kw_only=True)
class AnswerView:
    """The drawing functions of one kind of question."""

    input: Callable[[Question, Any], Block]
    """The element of its input, with the current answer."""
    line: Callable[[Question, Any, Names, int], str]
    """An answer as one line of mrkdwn, of at most so many characters."""
    whole: Callable[[Any], list[Block]] = lambda _answer: []
    """A long answer exactly as typed, as parts of a rich text block; None for short kinds."""
    in_sentence: Callable[[Question, Any, Names], str] | None = None
    """An answer inside a sentence, if that is not its line. It notifies nobody whom it names."""
    placeholder: str = ""
    """An example of an answer that has a format."""
    has_files: bool = False
    """Whether a second input beside it takes Slack files."""
    condition: str = "is {answers}"
    """The words of a condition on it, after its label."""


# Inputs


def _typed(most: int) -> Callable[[Question, Any], Block]:
    return lambda _question, answer: inputs.line(str(answer or ""), most=most)


def _several_lines(lines: Callable[[Any], str]) -> Callable[[Question, Any], Block]:
    return lambda _question, answer: {**inputs.line(lines(answer), most=TYPED), "multiline": True}


def _as_lines(answer: Any) -> str:
    return "\n".join(answer or ())


def _as_pairs(answer: Any) -> str:
    return "\n".join(f"{name}: {value}" if name else value for name, value in answer or ())


def _as_links(answer: Any) -> str:
    return "\n".join((answer or {}).get("links", ()))


def _select_one(question: Question, answer: Any) -> Block:
    if question.required and 0 < len(question.options) <= FEW:
        return inputs.radio(question.options, answer)
    return inputs.choice(question.options, answer if isinstance(answer, str) else None)


def _select_several(question: Question, answer: Any) -> Block:
    kind = "checkboxes" if len(question.options) <= BOXES else "multi_static_select"
    return inputs.several(kind, question.options, answer or ())


def _tick(_question: Question, answer: Any) -> Block:
    return inputs.several("checkboxes", {YES: "Yes"}, [YES] if answer else [])


def _date(_question: Question, answer: Any) -> Block:
    return {"type": "datepicker", **({"initial_date": answer} if parses(date.fromisoformat, answer) else {})}


def _when(_question: Question, answer: Any) -> Block:
    return inputs.instant(datetime.fromisoformat(answer) if parses(datetime.fromisoformat, answer) else None)


def _number(question: Question, answer: Any) -> Block:
    found = {"initial_value": str(answer or ""), "min_value": question.least, "max_value": question.most}
    fitting = {name: value for name, value in found.items() if _NUMBER.fullmatch(value)}
    return {"type": "number_input", "is_decimal_allowed": True, **fitting}


def _url(_question: Question, answer: Any) -> Block:
    return inputs.address(answer if isinstance(answer, str) else None)


def _person(_question: Question, answer: Any) -> Block:
    return inputs.person(answer if isinstance(answer, str) else None)


# Lines


def _text(_question: Question, answer: Any, _names: Names, most: int) -> str:
    return said(answer, most)


def _option_word(question: Question, key: str) -> str:
    """The text of an option; a key unknown to the version is shown as it is."""
    return (question.options or ANSWER_RULES[question.kind].default_options).get(key, key)


def _option(question: Question, answer: Any, _names: Names, most: int) -> str:
    return said(_option_word(question, answer), most)


def _options(question: Question, answer: Any, _names: Names, most: int) -> str:
    return said(", ".join(_option_word(question, key) for key in answer), most)


def _lamp(question: Question, answer: Any, _names: Names, most: int) -> str:
    """The word, then the light: colour alone is not accessible."""
    steps = list(question.options or ANSWER_RULES[question.kind].default_options)
    light = f" {_LIGHTS[steps.index(answer)]}" if answer in steps[: len(_LIGHTS)] else ""
    return said(_option_word(question, answer), most) + light


def _day(_question: Question, answer: Any, _names: Names, _most: int) -> str:
    """A date, which is the same in every time zone."""
    day = date.fromisoformat(answer)
    return f"{day:%a}, {day.day} {day:%b %Y}"


def _instant(_question: Question, answer: Any, _names: Names, _most: int) -> str:
    return when(datetime.fromisoformat(answer))


def _address(_question: Question, answer: Any, _names: Names, most: int) -> str:
    return link(answer, clip(escape(answer), min(most, ADDRESS)))


def _named(_question: Question, answer: Any, names: Names, _most: int) -> str:
    return phrases.person(names, answer)


def _points(_question: Question, answer: Any, _names: Names, most: int) -> str:
    return said("; ".join(answer), most)


def _pairs(_question: Question, answer: Any, _names: Names, most: int) -> str:
    return said("; ".join(f"{name}: {value}" for name, value in answer), most)


def _files(_question: Question, answer: Any, _names: Names, _most: int) -> str:
    """Links to files and pages; Slack decides who may open each."""
    room, shown = _LINKS, []
    listed = _linked(answer)
    for url, name in listed:
        text = link(url, said(name, 40))
        room -= units(text)
        if room < 0:
            break
        shown.append(text)
    left = len(listed) - len(shown)
    more = [f"{left} more in {phrases.DETAILS}" if shown else phrases.counted(left, "link")] if left else []
    return ", ".join([*shown, *more])


def _linked(answer: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Address and name of each file and link; a file without an address has only its name."""
    files = [one for one in answer.get("files") or () if isinstance(one, Mapping)]
    named = [(str(one.get("permalink") or ""), str(one.get("name") or one.get("id"))) for one in files]
    pages = [(str(url), str(url)) for url in answer.get("links") or ()]
    return [(url, _shown_name(name) or _shown_name(url) or "a file") for url, name in (*named, *pages)]


def _shown_name(name: str) -> str:
    """A name on one line; empty if nothing of it can be seen."""
    return "" if is_blank(name) else " ".join(name.split())


# Whole


def paragraph(text: str) -> Block:
    """Text as a paragraph of rich text."""
    return _section([_plain(text)])


def _bullets(items: Iterable[list[Block]]) -> list[Block]:
    listed = [_section(item) for item in items]
    return [{"type": "rich_text_list", "style": "bullet", "elements": listed}] if listed else []


def _pair(name: Any, value: Any) -> list[Block]:
    return [{**_plain(f"{name}: "), "style": {"bold": True}}, _plain(str(value) or "–")]


def _link(url: str, name: str) -> Block:
    is_safe = url.lower().startswith(("https://", "http://")) and units(url) <= PIECE
    return {"type": "link", "url": url, "text": clip(name, ADDRESS)} if is_safe else _plain(f"{name} {url}".strip())


def _section(elements: list[Block]) -> Block:
    return {"type": "rich_text_section", "elements": elements}


def _plain(text: str) -> Block:
    return {"type": "text", "text": text}


ANSWER_TYPES: Final[Mapping[AnswerType, AnswerView]] = {
    AnswerType.SHORT: AnswerView(input=_typed(LINE), line=_text),
    AnswerType.LONG: AnswerView(
        input=_several_lines(lambda answer: str(answer or "")),
        line=_text,
        whole=lambda answer: [paragraph(answer.strip())],
    ),
    AnswerType.CHOICE: AnswerView(input=_select_one, line=_option),
    AnswerType.MULTI: AnswerView(input=_select_several, line=_options),
    AnswerType.TICK: AnswerView(
        input=_tick,
        line=lambda _question, _answer, _names, _most: "Yes",
        in_sentence=lambda _question, _answer, _names: "yes",
        condition="is checked",
    ),
    AnswerType.DATE: AnswerView(input=_date, line=_day),
    AnswerType.WHEN: AnswerView(input=_when, line=_instant),
    AnswerType.NUMBER: AnswerView(input=_number, line=_text),
    AnswerType.URL: AnswerView(input=_url, line=_address),
    AnswerType.FILES: AnswerView(
        input=_several_lines(_as_links),
        line=_files,
        whole=lambda answer: _bullets([_link(url, name)] for url, name in _linked(answer)),
        placeholder="https://, one link per line",
        has_files=True,
    ),
    AnswerType.PERSON: AnswerView(
        input=_person,
        line=_named,
        in_sentence=lambda _question, answer, names: phrases.person(names, answer if answer in names else None),
    ),
    AnswerType.CHECKLIST: AnswerView(
        input=_several_lines(_as_lines),
        line=_points,
        whole=lambda answer: _bullets([_plain(item)] for item in answer if not is_blank(item)),
        placeholder="One point per line",
    ),
    AnswerType.LAMP: AnswerView(
        input=_select_one,
        line=_lamp,
        in_sentence=lambda question, answer, _names: said(_option_word(question, answer)),
    ),
    AnswerType.KEY_VALUE: AnswerView(
        input=_several_lines(_as_pairs),
        line=_pairs,
        whole=lambda answer: _bullets(_pair(name, value) for name, value in answer),
        placeholder="Name: value, one per line",
    ),
}
