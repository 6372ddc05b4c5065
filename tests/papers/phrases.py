"""How a paper says in words what a template says in data."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from slackapp.clocks.rules import durations
from storage.handoffs.lifecycle import ReadBackMode
from storage.templates.model import AnswerType, PrefillSource, Question, Template

READ_BACKS: Final[Mapping[ReadBackMode, str]] = {
    ReadBackMode.OFF: "Not asked for.",
    ReadBackMode.SOFT: "Asked for after Claim. The new owner is accountable right away.",
    ReadBackMode.HARD: "Part of Claim. Until it is given, the sender stays accountable.",
}
SOURCES: Final[Mapping[PrefillSource, str]] = {
    PrefillSource.LAST: "the last handoff about the same record",
    PrefillSource.QUOTE: "the message or thread that is handed off",
    PrefillSource.AUTHOR: "the author of that message",
    PrefillSource.PARTICIPANTS: "the people in the thread",
    PrefillSource.FILES: "the files and links in the thread",
    PrefillSource.PERMALINK: "the address of that message",
    PrefillSource.SENT_AT: "the time of that message",
}
_KINDS: Final[Mapping[AnswerType, str]] = {
    AnswerType.SHORT: "one line",
    AnswerType.LONG: "text",
    AnswerType.CHOICE: "one of:",
    AnswerType.MULTI: "any of:",
    AnswerType.TICK: "a tick",
    AnswerType.DATE: "a day",
    AnswerType.WHEN: "a day and time",
    AnswerType.NUMBER: "a number",
    AnswerType.URL: "a link",
    AnswerType.FILES: "links and files",
    AnswerType.PERSON: "a person",
    AnswerType.CHECKLIST: "a list, one entry per line",
    AnswerType.LAMP: "one of:",
    AnswerType.KEY_VALUE: "names with values, one pair per line",
}


def kind(question: Question) -> str:
    """What an answer is: "one of: Approved, Planned"."""
    bounds = f" from {question.least}" * bool(question.least) + f" to {question.most}" * bool(question.most)
    return " ".join(filter(None, [_KINDS[question.kind] + bounds, ", ".join(question.options.values())]))


def needed(template: Template, question: Question) -> str:
    """Whether it must be answered: "yes", "no", or when."""
    if question.required:
        return "yes"
    shown, wanted = condition(template, question.shown_when), condition(template, question.required_when)
    if shown and shown == wanted:
        return f"yes, and only asked if {shown}"
    parts = [f"if {wanted}" if wanted else "no", f"only asked if {shown}" if shown else ""]
    return "; ".join(filter(None, parts))


def condition(template: Template, conditions: Mapping[str, Sequence[str]]) -> str:
    """What has to be answered elsewhere: "“Budget” is Approved"."""
    return " and ".join(_one_condition(template, key, wanted) for key, wanted in conditions.items())


def _one_condition(template: Template, key: str, wanted: Sequence[str]) -> str:
    question = template.question(key)
    assert question is not None
    answers = [question.options.get(answer, answer) for answer in wanted]
    return f"“{question.label}” is {' or '.join(answers)}"


def prefilled(template: Template) -> Iterator[str]:
    """Where first answers come from, the questions of one source together."""
    for source in PrefillSource:
        labels = [f"“{one.label}”" for one in template.questions if source in one.prefill]
        if labels:
            yield f"From {SOURCES[source]}: {', '.join(labels)}."


def span(written: str) -> str:
    """A duration in words: "5 working days", "2 hours of open time", "14 days"."""
    found = durations.parse(written)
    hours, minutes = divmod(found.seconds // 60, 60)
    day = "day" if found.wall else "working day"
    parts = [_counted(found.days, day), _counted(hours, "hour"), _counted(minutes, "minute")]
    open_time = "" if found.wall or not found.seconds else " of open time"
    return " ".join(filter(None, parts)) + open_time


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' * (number != 1)}" if number else ""


def answer(question: Question, given: Any) -> str:
    """An answer as markdown: text, or points below each other."""
    if question.kind is AnswerType.CHECKLIST:
        return "".join(f"\n>   - {safe(point)}" for point in given)
    if question.kind is AnswerType.KEY_VALUE:
        return "".join(f"\n>   - {safe(name)}: {safe(value)}" for name, value in given)
    if question.kind is AnswerType.LONG:
        return "<br>".join(safe(line) for line in given.splitlines())
    in_words = _PLAIN.get(question.kind)
    return safe(in_words(question, given) if in_words else str(given))


_PLAIN: Final[Mapping[AnswerType, Callable[[Question, Any], str]]] = {
    AnswerType.CHOICE: lambda question, given: question.options[given],
    AnswerType.LAMP: lambda question, given: question.options[given],
    AnswerType.MULTI: lambda question, given: ", ".join(question.options[key] for key in given),
    AnswerType.TICK: lambda question, given: "yes",
    AnswerType.DATE: lambda question, given: f"{date.fromisoformat(given):%-d %B %Y}",
    AnswerType.WHEN: lambda question, given: f"{datetime.fromisoformat(given):%-d %B %Y, %H:%M} UTC",
    AnswerType.FILES: lambda question, given: ", ".join([*given["links"], *(file["name"] for file in given["files"])]),
}


def safe(text: str) -> str:
    """Text that markdown and its tables show as it is."""
    return re.sub(r"([\\*_`|<\[\]])", r"\\\1", text)
