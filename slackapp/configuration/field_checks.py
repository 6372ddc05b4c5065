"""Whether what is said of one field of a template fits together. Looks at plain data; see `template_checks`."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from slackapp.configuration import template_values
from slackapp.configuration.problems import Place, Problem, WrongValueError
from storage.questions import LAMP, OPTIONED, Kind

_WITH_OPTIONS: Final = "choice, multi or lamp"


def fits(field: dict[str, Any], place: Place) -> Iterator[Problem]:
    """What is said of a field that does not go with its type."""
    if field.get("type") not in set(Kind):
        return
    kind = Kind(field["type"])
    yield from _options(field, kind, place)
    if field.get("confirms") and kind is not Kind.MULTI:
        what, mend = f"is of the type {kind} and confirms others.", "Make its type multi, or let it confirm nothing."
        yield Problem(place=(*place, "confirms"), what=what, mend=mend)
    if is_yes(field.get("waives")) and kind is not Kind.TICK:
        what, mend = f"is of the type {kind} and waives the others.", "Make its type tick, or let it waive nothing."
        yield Problem(place=(*place, "waives"), what=what, mend=mend)
    yield from _bounds(field, kind, place)
    if is_yes(field.get("required")) and field.get("shown_when"):
        what = "is required and not always asked."
        mend = "Say instead when it is required: required_when with the same conditions."
        yield Problem(place=(*place, "required"), what=what, mend=mend)


def answers(field: dict[str, Any]) -> list[str] | None:
    """The answers of a field that a condition may name; None if it has none, or if they cannot be read."""
    kind = field.get("type")
    if kind == Kind.TICK:
        return ["yes"]
    if kind not in OPTIONED:
        return None
    if kind == Kind.LAMP and not field.get("options"):
        return list(LAMP)
    if field.get("confirms"):
        return strings(field["confirms"])
    try:
        return list(template_values.options(field.get("options")))
    except WrongValueError:
        return None


def is_yes(written: Any) -> bool:
    """Whether this says yes."""
    return isinstance(written, str) and written.strip().lower() in {"yes", "true"}


def strings(written: Any) -> list[str]:
    """The words in a list, each without the spaces around it; nothing for anything else."""
    found = written if isinstance(written, list) else []
    return [word.strip() if isinstance(word, str) else "" for word in found]


def _options(field: dict[str, Any], kind: Kind, place: Place) -> Iterator[Problem]:
    options, confirms = field.get("options"), field.get("confirms")
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


def _bounds(field: dict[str, Any], kind: Kind, place: Place) -> Iterator[Problem]:
    for name in ("min", "max"):
        if field.get(name) and kind is not Kind.NUMBER:
            what, mend = f"is a bound, and its type is {kind}.", "Make its type number, or take the bound out."
            yield Problem(place=(*place, name), what=what, mend=mend)
    least, most = _number(field.get("min")), _number(field.get("max"))
    if least is not None and most is not None and least > most:
        what = f"{field['min']} is more than max, {field['max']}: no number fits."
        yield Problem(place=(*place, "min"), what=what, mend="Exchange them.")


def _number(written: Any) -> Decimal | None:
    try:
        number = Decimal(written) if isinstance(written, str) else None
    except InvalidOperation:
        return None
    return number if number is not None and number.is_finite() else None
