"""Checks of the conditions of a template's fields: those that never hold, and those that are too many."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from slackapp.templates.rules.answer_rules import ANSWER_RULES
from slackapp.templates.rules.field_checks import condition_answers
from slackapp.templates.rules.schema import QuestionPart
from slackapp.yaml_files.problems import Misspelled, Place, Problem
from slackapp.yaml_files.schema import optional

CONDITIONS: Final = ("shown_when", "required_when")


def conditions(fields: list[tuple[Place, QuestionPart]]) -> Iterator[Problem]:
    """The problems of every condition of a template's fields, in order."""
    known = {field.key: field for _, field in fields if field.key}
    keys = list(known)
    waits = {key: _named(field) for key, field in known.items()}
    earlier: list[str] = []
    for place, field in fields:
        key = str(field.key)
        for name in CONDITIONS:
            for other, wanted in _conditions(field, name).items():
                at = (*place, name, other)
                if other not in known:
                    what, near = f'There is no field "{other}" in this template.', Misspelled(word=other, known=keys)
                    fix = "Name a field before this one."
                    yield Problem(place=at, what=what, fix=fix, misspelled=near)
                elif other not in earlier:
                    yield from _out_of_order(key, other, waits, at)
                else:
                    yield from _answers(other, known[other], wanted or (), at)
        earlier.append(key)


def _out_of_order(key: str, other: str, waits: Mapping[str, list[str]], place: Place) -> Iterator[Problem]:
    chain = _dependency_path(other, key, waits)
    if other == key:
        yield Problem(place=place, what="depends on its own answer.", fix="Name another field.")
    elif chain:
        what = f"Fields depend on each other: {' → '.join([key, *chain])}."
        yield Problem(place=place, what=what, fix="Remove one of these conditions.")
    else:
        what = f'depends on "{other}", which is asked later.'
        yield Problem(place=place, what=what, fix="Move that field up, before this one.")


def _answers(other: str, field: QuestionPart, wanted: Sequence[str], place: Place) -> Iterator[Problem]:
    if field.waives:
        what = f'"{other}" waives all other fields, so nothing is asked while it is ticked.'
        yield Problem(place=place, what=what, fix="Name another field.")
        return
    possible = condition_answers(field)
    if possible is None:
        kind = optional(field.type)
        if kind is not None and not ANSWER_RULES[kind].takes_options:  # else its type or options have been reported
            what = f'"{other}" is of the type {field.type}, which has no fixed answers.'
            yield Problem(place=place, what=what, fix="Name a field of the type choice, multi, lamp or tick.")
        return
    if not wanted:
        yield Problem(place=place, what="is empty.", fix=f"Name some of {', '.join(possible)}.")
    for n, answer in enumerate(wanted):
        if answer and answer not in possible:
            what, near = f'"{answer}" is not an answer to "{other}".', Misspelled(word=answer, known=possible)
            fix = f"Name some of {', '.join(possible)}."
            yield Problem(place=(*place, n), what=what, fix=fix, misspelled=near)


def _dependency_path(start: str, end: str, waits: Mapping[str, list[str]]) -> list[str]:
    """The path of conditions from `start` to `end`, both named; empty if there is none."""
    ways, seen = [[start]], {start}
    while ways:
        way = ways.pop(0)
        if way[-1] == end:
            return way
        following = [key for key in waits.get(way[-1], ()) if key not in seen]
        seen |= set(following)
        ways += [[*way, key] for key in following]
    return []


def _conditions(field: QuestionPart, name: str) -> Mapping[str, tuple[str, ...]]:
    return getattr(field, name) or {}


def _named(field: QuestionPart) -> list[str]:
    return [other for name in CONDITIONS for other in _conditions(field, name)]
