"""The words by which a handoff is found, and the words that somebody searches for.

Each word stands in the index once for each level at which it counts, with the level's letter before it: a word of the
title as `a…`, `b…`, `c…` and `d…`, one of a note as `d…` only. So a search at one level reads its own entries.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Any, Final

from storage.company.folding import words
from storage.handoffs.model import Handoff, Note
from storage.search.model import Term
from storage.templates.model import LAMP, AnswerType, Template

MOST_WORDS: Final = 8000
"""Different words of one handoff that are stored, those of the title first and of old notes last."""
MOST_TERMS: Final = 10
"""Typed words that count."""
_WEB: Final = frozenset({"http", "https", "www"})


class Depth(StrEnum):
    """What a search looks into, best rank first; each level includes those before it."""

    TITLE = "a"
    LINK = "b"
    """The number, the link, the record and the message it came from."""
    ANSWERS = "c"
    NOTES = "d"


def terms(text: str) -> list[Term]:
    """Return the words to search for, each once, in the order typed."""
    found = dict.fromkeys(word for word in words(text) if word not in _WEB)
    return [Term(word=word) for word in list(found)[:MOST_TERMS]]


def document(handoff: Handoff, template: Template | None, notes: Iterable[Note]) -> str:
    """Return the words of a handoff for the index, with spaces between them."""
    source = handoff.source.permalink if handoff.source else None
    links = (str(handoff.number), handoff.link, handoff.record, source)
    written = sorted(notes, key=lambda note: note.at, reverse=True)
    return of_parts(
        title=handoff.title,
        links=[link for link in links if link],
        answers=[handoff.next_step, *answers(handoff.fields, template)],
        notes=[note.text.plain for note in written],
    )


def of_parts(*, title: str, links: Iterable[str], answers: Iterable[str], notes: Iterable[str]) -> str:
    """Return the words of these texts for the index; the parts of a handoff are given by their level."""
    levels = tuple(Depth)
    parts = ((title,), links, answers, notes)
    kept: dict[str, int] = {}
    for depth, texts in enumerate(parts):
        for text in texts:
            for word in words(text):
                if word not in _WEB and len(kept) < MOST_WORDS:
                    kept.setdefault(word, depth)
    return " ".join(f"{level}{word}" for word, depth in kept.items() for level in levels[depth:])


def answers(fields: Mapping[str, Any], template: Template | None) -> Iterator[str]:
    """Yield the answers as texts: options by their words, people by their ids."""
    for key, answer in fields.items():
        question = template.question(key) if template else None
        options: Mapping[str, str] = question.options if question else {}
        if question and question.kind is AnswerType.LAMP and not options:
            options = LAMP
        for text in _texts(answer):
            yield options.get(text, text)


def _texts(answer: Any) -> Iterator[str]:
    match answer:
        case str():
            yield answer
        case Mapping():
            for value in answer.values():
                yield from _texts(value)
        case list() | tuple():
            for value in answer:
                yield from _texts(value)
