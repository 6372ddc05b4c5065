"""Checks within one field of a template: whether what is said of it goes with its type. See `template_checks`."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Final

from slackapp.configuration.part import maybe
from slackapp.configuration.problems import Place, Problem
from slackapp.configuration.template_model import QuestionPart
from storage.questions import LAMP, OPTIONED, Kind

_WITH_OPTIONS: Final = "choice, multi or lamp"


def fits(field: QuestionPart, place: Place) -> Iterator[Problem]:
    """What is said of a field that does not go with its type. A field whose type could not be read goes with all."""
    kind = maybe(field.type)
    if kind is None:
        return
    yield from _options(field, kind, place)
    if field.confirms and kind is not Kind.MULTI:
        what, mend = f"is of the type {kind} and confirms others.", "Make its type multi, or let it confirm nothing."
        yield Problem(place=(*place, "confirms"), what=what, mend=mend)
    if field.waives and kind is not Kind.TICK:
        what, mend = f"is of the type {kind} and waives the others.", "Make its type tick, or let it waive nothing."
        yield Problem(place=(*place, "waives"), what=what, mend=mend)
    yield from _bounds(field, kind, place)
    if field.required and field.shown_when != {}:
        what = "is required and not always asked."
        mend = "Say instead when it is required: required_when with the same conditions."
        yield Problem(place=(*place, "required"), what=what, mend=mend)


def answers(field: QuestionPart) -> list[str] | None:
    """The answers of a field that a condition may name; None if it has none, or if they could not be read."""
    if field.type is Kind.TICK:
        return ["yes"]
    if field.type not in OPTIONED:
        return None
    if field.type is Kind.LAMP and field.options == {}:
        return list(LAMP)
    if field.confirms:
        return list(field.confirms)
    options = maybe(field.options)
    return None if options is None else list(options)


def _options(field: QuestionPart, kind: Kind, place: Place) -> Iterator[Problem]:
    options, confirms = field.options != {}, field.confirms
    if options and kind not in OPTIONED:
        what = f"is of the type {kind} and has options."
        yield Problem(place=(*place, "options"), what=what, mend=f"Make its type {_WITH_OPTIONS}, or take them out.")
    elif options and confirms:
        what = "has options and confirms others: those others are its options."
        yield Problem(place=(*place, "options"), what=what, mend="Take the options out.")
    elif not options and not confirms and kind in {Kind.CHOICE, Kind.MULTI}:
        what = "has no options to choose from."
        yield Problem(place=(*place, "options"), what=what, mend="Give it some, or another type.")
    elif options and kind is Kind.LAMP and (named := answers(field)) is not None and len(named) != len(LAMP):
        what = f"is a lamp with {len(named)} options."
        yield Problem(place=(*place, "options"), what=what, mend="Name three, from good to bad, or make it a choice.")


def _bounds(field: QuestionPart, kind: Kind, place: Place) -> Iterator[Problem]:
    for name, bound in (("min", field.min), ("max", field.max)):
        if bound and kind is not Kind.NUMBER:
            what, mend = f"is a bound, and its type is {kind}.", "Make its type number, or take the bound out."
            yield Problem(place=(*place, name), what=what, mend=mend)
    least, most = _number(field.min), _number(field.max)
    if least is not None and most is not None and least > most:
        what = f"{field.min} is more than max, {field.max}: no number fits."
        yield Problem(place=(*place, "min"), what=what, mend="Exchange them.")


def _number(written: str | None) -> Decimal | None:
    try:
        number = Decimal(written) if written else None
    except InvalidOperation:
        return None
    return number if number is not None and number.is_finite() else None
