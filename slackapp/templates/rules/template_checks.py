"""Checks within a template."""

from __future__ import annotations

from collections.abc import Iterator
from operator import attrgetter
from typing import Any, Final

from pydantic import ValidationError

from slackapp.templates.rules import condition_checks, field_checks
from slackapp.templates.rules.schema import TEMPLATE_KEYS, QuestionPart, TemplatePart
from slackapp.yaml_files.problems import Misspelled, Place, Problem, from_pydantic
from slackapp.yaml_files.schema import with_places
from storage.handoffs.lifecycle import ReadBackMode
from storage.templates.model import CARD_FACTS

MOST_FIELDS: Final = 60
"""Fields of a template. Slack shows at most 100 blocks in a view, and the handoff's other fields need some."""

Field = tuple[Place, QuestionPart]


def problems_within(
    template: TemplatePart, place: Place = (), *, called: field_checks.Called = attrgetter("value")
) -> Iterator[Problem]:
    """The problems within one template that was read in part; `called` says how a type is known to the reader."""
    fields = with_places(template.fields, (*place, "fields"))
    for at, field in fields:
        yield from field_checks.type_problems(field, at, called)
    yield from _repeated_keys(fields)
    yield from _too_many(fields, place)
    yield from _waiving(fields)
    yield from _confirming(fields)
    yield from condition_checks.conditions(fields)
    yield from _card_problems(template, fields, place)
    if template.read_back_ask and template.read_back is ReadBackMode.OFF:
        what = "is never asked, because there is no read-back."
        fix = "Make the read-back soft or hard, or leave the question out."
        yield Problem(place=(*place, "read_back_ask"), what=what, fix=fix)


def _keys(fields: list[Field]) -> list[str]:
    return [field.key for _, field in fields if field.key]


def _repeated_keys(fields: list[Field]) -> Iterator[Problem]:
    seen: set[str] = set()
    for place, field in fields:
        if field.key in seen:
            what = f'"{field.key}" is the key of two fields.'
            yield Problem(place=(*place, "key"), what=what, fix="Give one of them another key.")
        seen |= {field.key} if field.key else set()


def _too_many(fields: list[Field], place: Place) -> Iterator[Problem]:
    if len(fields) > MOST_FIELDS:
        what = f"has {len(fields)} fields, and Slack has room for {MOST_FIELDS}."
        fix = f"Remove {len(fields) - MOST_FIELDS}, or make two templates of it."
        yield Problem(place=(*place, "fields"), what=what, fix=fix)


def _waiving(fields: list[Field]) -> Iterator[Problem]:
    waiving = [(place, field) for place, field in fields if field.waives]
    for place, field in waiving:
        if field.required or field.required_when != {}:
            what = "waives the others, so it can't be required: nothing else would be asked."
            yield Problem(place=(*place, "waives"), what=what, fix="Make it optional.")
    for place, _ in waiving[1:]:
        what = f'waives the others, and so does "{waiving[0][1].key}".'
        yield Problem(place=(*place, "waives"), what=what, fix="Keep one of them.")


def _confirming(fields: list[Field]) -> Iterator[Problem]:
    known = _keys(fields)
    for place, field in fields:
        for n, key in enumerate(field.confirms):
            if key == field.key:
                fix = "Name the fields that it confirms."
                yield Problem(place=(*place, "confirms", n), what="confirms itself.", fix=fix)
            elif key not in known:
                yield _no_field(key, known, (*place, "confirms", n))


def _card_problems(template: TemplatePart, fields: list[Field], place: Place) -> Iterator[Problem]:
    known, shown = _keys(fields), template.card
    if len(shown) > CARD_FACTS:
        fix = f"Keep the {CARD_FACTS} that decide who should claim it."
        what = f"names {len(shown)} fields, and a card shows at most {CARD_FACTS}."
        yield Problem(place=(*place, "card"), what=what, fix=fix)
    for n, key in enumerate(shown):
        if key not in known:
            yield _no_field(key, known, (*place, "card", n))
        elif key in shown[:n]:
            yield Problem(place=(*place, "card", n), what=f'names "{key}" twice.', fix="Name each field once.")


def _no_field(key: str, known: list[str], place: Place) -> Problem:
    """The problem that a template has no such field."""
    what, near = f'There is no field "{key}" in this template.', Misspelled(word=key, known=known)
    return Problem(place=place, what=what, fix="Name a field of this template.", misspelled=near)


def template_problems(
    written: dict[str, Any], *, called: field_checks.Called = attrgetter("value")
) -> tuple[Problem, ...]:
    """All problems of one template as plain data, by the same checks as those of the file."""
    found = list(problems_within(TemplatePart.read_in_part(written), called=called))
    try:
        TemplatePart.model_validate(written)
    except ValidationError as error:
        found += (from_pydantic(one, TEMPLATE_KEYS) for one in error.errors())
    return tuple(problem.with_guess() for problem in found)
