"""Templates filled in: as somebody would do it (`EXAMPLES`), and with the longest answers there may be (`longest`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import yaml

from slackapp.handoffs.actions.open_handoff import NewHandoff
from slackapp.slack.block_kit.blocks import units
from slackapp.templates.rules.answer_rules import LINE, TYPED
from slackapp.templates.rules.shipped import shipped
from storage.handoffs.model import Priority, Text
from storage.templates.model import AnswerType, Question, Template

FILE: Final = Path(__file__).parent / "examples" / "templates.yml"
TEMPLATES: Final = {template.key: template for template in shipped()}


@dataclass(frozen=True, kw_only=True)
class Example:
    """What somebody writes in a template, and what the receiver says back where that is asked for."""

    title: str
    next_step: str
    link: str | None = None
    note: str = ""
    priority: str = Priority.NORMAL
    fields: Mapping[str, Any] = field(default_factory=dict)
    read_back: str = ""

    def draft(self, template: str, queue: str, **more: Any) -> NewHandoff:
        """The form as it is sent to a queue."""
        return NewHandoff(
            title=self.title,
            queue=queue,
            next_step=self.next_step,
            note=Text(plain=self.note),
            priority=Priority(self.priority),
            link=self.link,
            template=template,
            fields={**self.fields},
            **more,
        )


EXAMPLES: Final[Mapping[str, Example]] = {
    key: Example(**written) for key, written in yaml.safe_load(FILE.read_text(encoding="utf-8")).items()
}


def longest(template: Template, words: str) -> dict[str, Any]:
    """Answers to everything that a template may ask, each as long as it may be and made of `words`.

    What makes conditional questions appear is answered so that they do; nothing is waived.
    """
    found = {one.key: _FULL[one.kind](one, words) for one in template.questions if not one.waives}
    for question in template.questions:
        for key, wanted in {**question.shown_when, **question.required_when}.items():
            found[key] = wanted[0]
    return found


def filling(words: str, most: int) -> str:
    """Words repeated to exactly `most` UTF-16 units, with nothing at the ends that a form would take away.

    Forms in a browser count so, and Slack takes it whether it counts these or characters.
    """
    text = (f"{words} " * (most // (len(words) + 1) + 1))[:most]
    while units(text) > most:
        text = text[:-1]
    body = f"x{text[1:-1]}"
    return body + "x" * (most - units(body))


def lines(words: str, most: int) -> list[str]:
    """Points of a checklist that have at most `most` UTF-16 units together: one long, and many short."""
    line = " ".join(words.split())
    points = [filling(line, most // 2)]
    room = most - units(points[0]) - 1
    for number in range(room // 4):
        point = f"{number} {line[:20]}".strip()
        room -= units(point) + 1
        if room < 0:
            break
        points.append(point)
    return points


def _link(words: str, most: int = 2000) -> str:
    """An address with everything in it that Slack gives a meaning."""
    bare = "".join(letter for letter in words if not letter.isspace() and letter.isprintable())
    return f"https://x.example/?q={bare}|<!channel>|{'y' * most}"[:most]


def _pairs(words: str) -> list[list[str]]:
    """One long pair and many short ones. A name ends at its colon."""
    named = [filling(words.replace(":", ""), 300), filling(words, 900)]
    return [named, *([str(number), words[:30].strip()] for number in range(30))]


def _files(words: str) -> dict[str, Any]:
    """Links, and files whose names are `words`."""
    file = {"id": "F0EVIL", "name": filling(words, 200), "permalink": _link(words, 400)}
    return {"links": [_link(words, 900)] * 2, "files": [file] * 2}


_FULL: Final[Mapping[AnswerType, Callable[[Question, str], Any]]] = {
    AnswerType.SHORT: lambda _, words: filling(" ".join(words.split()), LINE),
    AnswerType.LONG: lambda _, words: filling(words, TYPED),
    AnswerType.CHOICE: lambda question, _: list(question.options)[-1],
    AnswerType.MULTI: lambda question, _: list(question.options),
    AnswerType.TICK: lambda question, _: True,
    AnswerType.DATE: lambda question, _: "2026-12-01",
    AnswerType.WHEN: lambda question, _: datetime(2026, 12, 1, 9, 30, tzinfo=UTC).isoformat(),
    AnswerType.NUMBER: lambda question, _: question.most or "1234567890.123456789",
    AnswerType.URL: lambda _, words: _link(words),
    AnswerType.FILES: lambda _, words: _files(words),
    AnswerType.PERSON: lambda question, _: "U0EVA",
    AnswerType.CHECKLIST: lambda _, words: lines(words, TYPED),
    AnswerType.LAMP: lambda question, _: list(question.options)[-1],
    AnswerType.KEY_VALUE: lambda _, words: _pairs(" ".join(words.split())),
}


def everything() -> Template:
    """A template with a question of every kind, each with words as long as they may be and as many options."""
    return Template(
        key="everything",
        name="N" * 75,
        sender="S" * 75,
        receiver="R" * 75,
        about="a" * 300,
        questions=tuple(_longest_question(kind, number) for number, kind in enumerate(AnswerType)),
        card=tuple(f"k{number}" for number in range(5)),
        reasons={f"reason_{number}": "R" * 75 for number in range(20)},
    )


def _longest_question(kind: AnswerType, number: int) -> Question:
    many = {f"option_{one}_{'o' * 40}": f"{one} {'Option ' * 20}"[:75] for one in range(100)}
    lamp = {f"step_{one}": f"{one} {'Step ' * 20}"[:75] for one in range(3)}
    return Question(
        key=f"k{number}".ljust(2),
        label="L" * 150,
        kind=kind,
        help="h" * 300,
        placeholder="p" * 150,
        required=True,
        options=many if kind in {AnswerType.CHOICE, AnswerType.MULTI} else lamp if kind is AnswerType.LAMP else {},
    )
