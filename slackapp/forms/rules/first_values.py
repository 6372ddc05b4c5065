"""Choose a form's first values from its starting point and from earlier handoffs, and record where each came from.

A value is always valid for its input: its options exist and it is not too long (cut at a word; the note keeps the whole
text). Answers of the last handoff of a record are repeated only while they can still be true.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from slackapp.forms.model import Prefilled
from slackapp.forms.rules.starting_point import QuotedMessage, StartingPoint
from slackapp.handoffs.rules.fields import LONGEST
from slackapp.runtime.visible_text import is_blank
from slackapp.slack.block_kit.blocks import clip
from slackapp.slack.field_problems import is_link
from slackapp.templates.rules import questions
from slackapp.templates.rules.answer_rules import ANSWER_RULES, LINE, TYPED, MessagePart
from storage.templates.model import NoteMode, PrefillSource, Question, Template

TITLE_MOST: Final = 80
"""Characters of a title taken from a message; the note has the whole text."""
FROM_MESSAGE: Final = "from the message"
FROM_THREAD: Final = "from the thread"

_ADDRESS: Final = re.compile(r"https?://\S+")
_OF_THE_THREAD: Final = frozenset({PrefillSource.QUOTE, PrefillSource.PARTICIPANTS, PrefillSource.FILES})
"""Sources that offer more once the thread was read."""


@dataclass(frozen=True, kw_only=True)
class PreviousHandoff:
    """An earlier handoff of the same record: its title, queue and answers."""

    number: int
    at: datetime
    title: str
    queue: str
    template: str | None = None
    answers: Mapping[str, Any] = field(default_factory=dict)

    @property
    def words(self) -> str:
        """Origin of a value, in words."""
        return f"from #{self.number}, the last handoff about this record"


@dataclass(frozen=True, kw_only=True)
class _SourceValues:
    """The values that one source offers, one per kind of question."""

    text: str = ""
    points: tuple[str, ...] = ()
    person: str | None = None
    address: str = ""
    files: Mapping[str, Any] = field(default_factory=dict)
    at: str = ""
    on: str = ""


def prefill(
    start: StartingPoint,
    template: Template | None,
    now: datetime,
    *,
    last: PreviousHandoff | None = None,
    alike: PreviousHandoff | None = None,
) -> Prefilled:
    """Return the first values of a form.

    Args:
        start: the starting point.
        template: the form's template; None for the plain form.
        now: the present instant.
        last: the last handoff of the record that this person may see.
        alike: the last one with this template.
    """
    values: dict[str, Any] = {}
    marks: dict[str, str] = {}
    takes_all = False
    for question in template.questions if template else ():
        value, mark, whole = _first_value(question, start, alike, now)
        if value is not None:
            values[question.key], marks[question.key] = value, mark
            takes_all = takes_all or whole
    core = _core(start, last)
    if takes_all and template is not None and template.note is not NoteMode.REQUIRED:
        core.pop("note", None)  # a question has every word of it already
    return Prefilled(
        values={key: value for key, (value, _) in core.items()} | values,
        marks={key: mark for key, (_, mark) in core.items() if mark} | marks,
    )


def changed_values(before: Prefilled, after: Prefilled) -> Prefilled:
    """Return the values that are in `after` and differ from `before`."""
    news = {key: value for key, value in after.values.items() if before.values.get(key) != value}
    return Prefilled(values=news, marks={key: mark for key, mark in after.marks.items() if key in news})


def first_line(text: str) -> str:
    """Return the first line that is not blank."""
    return next((" ".join(line.split()) for line in text.splitlines() if not is_blank(line)), "")


def _unlinked(text: str) -> str:
    """Return a line without its links, unless nothing else is left: titles should be readable."""
    rest = " ".join(_ADDRESS.sub(" ", text).split()).rstrip(" :–-")
    return rest or text


def _title(message: QuotedMessage) -> str:
    """Return a message as a title: what an app called it, else its first line, cut at a word."""
    return clip(_unlinked(first_line(message.title) or first_line(message.words)), TITLE_MOST)


def _core(start: StartingPoint, last: PreviousHandoff | None) -> dict[str, tuple[Any, str]]:
    """Return the first values of the core fields, each with its origin."""
    found: dict[str, tuple[Any, str]] = {}
    title = _title(start.message) if start.message else ""
    if title:
        found["title"] = title, FROM_MESSAGE
    elif last and last.title:
        found["title"] = last.title, last.words
    if start.address and len(start.address) <= LONGEST["link"]:
        found["link"] = start.address, "" if start.link else FROM_MESSAGE
    if last:
        found["queue"] = last.queue, last.words
    if start.note:
        found["note"] = dict(start.note), FROM_THREAD if len(start.thread) > 1 else FROM_MESSAGE
    return found


def _first_value(
    question: Question, start: StartingPoint, alike: PreviousHandoff | None, now: datetime
) -> tuple[Any, str, bool]:
    """Return a question's first value, its origin, and whether it is the whole message."""
    for source in question.prefill:
        if source is PrefillSource.LAST:
            answer = _repeated_answer(question, alike, now) if alike else None
            if alike and answer is not None:
                return answer, alike.words, False
            continue
        material = _MATERIALS[source](start)
        part = ANSWER_RULES[question.kind].first_value
        value = _PARTS[part](material) if material and part else None
        if value is not None:
            mark = FROM_THREAD if start.thread and source in _OF_THE_THREAD else FROM_MESSAGE
            return value, mark, source is PrefillSource.QUOTE and value == (material.text if material else "")
    return None, "", False


def _repeated_answer(question: Question, last: PreviousHandoff, now: datetime) -> Any:
    """Return the answer of the earlier handoff, if it can still be true.

    Ticks are not repeated, since they state something about today; nor are instants that have passed since then.
    """
    rule = ANSWER_RULES[question.kind]
    answer: Any = last.answers.get(question.key)
    if not rule.repeats or not rule.is_shaped(answer):
        return None
    answer = rule.adapt(question, answer)
    alone = Template(
        key="", name="", questions=(replace(question, shown_when={}, required_when={}, required=False, waives=False),)
    )
    if not questions.is_answered(answer) or _problem(alone, question.key, answer):
        return None
    return None if rule.is_dated and _is_over(answer, last.at, now) else answer


def _problem(alone: Template, key: str, answer: Any) -> bool:
    """Whether an answer is invalid for this question; an older template version may have had another type."""
    try:
        return bool(questions.problems(alone, {key: answer}))
    except (TypeError, ValueError, AttributeError):
        return True


def _is_over(answer: str, then: datetime, now: datetime) -> bool:
    said = datetime.fromisoformat(answer)
    if said.tzinfo is None:
        return then.date() <= said.date() < now.date()
    return then < said <= now


def _quote(start: StartingPoint) -> _SourceValues | None:
    said = start.message
    if said is None:
        return None
    root = start.thread[0] if start.thread else said
    if root.permalink == said.permalink:
        return _SourceValues(text=said.words.strip(), points=_points(said.words))
    both = "\n\n".join(f"{one.author_name}: {one.words.strip()}" for one in (root, said))
    return _SourceValues(text=both, points=_points(f"{root.words}\n{said.words}"))


def _author(start: StartingPoint) -> _SourceValues | None:
    said = start.message
    if said is None:
        return None
    return _SourceValues(text=said.author_name, points=(said.author_name,), person=said.author)


def _participants(start: StartingPoint) -> _SourceValues | None:
    names = tuple(dict.fromkeys(one.author_name for one in start.thread if one.author_name))
    return _SourceValues(text=", ".join(names), points=names) if names else None


def _files(start: StartingPoint) -> _SourceValues | None:
    said = start.thread or ((start.message,) if start.message else ())
    links = list(dict.fromkeys(link for one in said for link in one.links if is_link(link)))
    files = list({file.id: file for one in said for file in one.files}.values())
    if not links and not files:
        return None
    points = (*links, *(f"{file.name} ({file.permalink})" if file.permalink else file.name for file in files))
    named = [{"id": file.id, "name": file.name, "permalink": file.permalink} for file in files]
    address = next(iter(links), "") or next((file.permalink for file in files if file.permalink), "")
    return _SourceValues(text="\n".join(points), points=points, address=address, files={"links": links, "files": named})


def _permalink(start: StartingPoint) -> _SourceValues | None:
    link = start.message.permalink if start.message else ""
    if not link:
        return None
    return _SourceValues(text=link, points=(link,), address=link, files={"links": [link], "files": []})


def _sent_at(start: StartingPoint) -> _SourceValues | None:
    said: QuotedMessage | None = start.message
    return _SourceValues(at=said.at, on=said.on) if said else None


def _points(text: str) -> tuple[str, ...]:
    """Return the lines of a text as points of a list, without their bullets."""
    lines = (line.strip().lstrip("-*•–").strip() for line in text.splitlines())
    return tuple(line for line in lines if not is_blank(line))


def _list(points: tuple[str, ...]) -> list[str] | None:
    """Return as many of the first points as one answer holds."""
    kept: list[str] = []
    room = TYPED
    for point in points:
        short = clip(point, LINE)
        room -= len(short) + 1
        if room < 0:
            break
        kept.append(short)
    return kept or None


def _filed(files: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return as many links as their input holds, and every file."""
    if not files:
        return None
    links: list[str] = []
    for link in files["links"]:
        if sum(map(len, links)) + len(links) + len(link) <= TYPED:
            links.append(link)
    return {"links": links, "files": list(files["files"])} if links or files["files"] else None


_MATERIALS: Final[Mapping[PrefillSource, Callable[[StartingPoint], _SourceValues | None]]] = {
    PrefillSource.QUOTE: _quote,
    PrefillSource.AUTHOR: _author,
    PrefillSource.PARTICIPANTS: _participants,
    PrefillSource.FILES: _files,
    PrefillSource.PERMALINK: _permalink,
    PrefillSource.SENT_AT: _sent_at,
}

_PARTS: Final[Mapping[MessagePart, Callable[[_SourceValues], Any]]] = {
    MessagePart.LINE: lambda material: clip(" ".join(material.text.split()), LINE) or None,
    MessagePart.TEXT: lambda material: clip(material.text, TYPED) or None,
    MessagePart.POINTS: lambda material: _list(material.points),
    MessagePart.ADDRESS: lambda material: material.address if 0 < len(material.address) <= TYPED else None,
    MessagePart.FILES: lambda material: _filed(material.files),
    MessagePart.PERSON: lambda material: material.person,
    MessagePart.INSTANT: lambda material: material.at or None,
    MessagePart.DAY: lambda material: material.on or None,
}
"""Values by the part that a question takes."""
