"""Whether what is said of one field of a template fits together. Looks at plain data; see `template_checks`."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from slackapp.configuration import template_values
from slackapp.configuration.problems import Place, Problem, WrongValueError
from slackapp.policy.answer_rules import ANSWER_RULES, AnswerRule, Setting
from storage.questions import Kind


def fits(field: dict[str, Any], place: Place) -> Iterator[Problem]:
    """What is said of a field that does not go with its type."""
    if field.get("type") not in set(Kind):
        return
    kind = Kind(field["type"])
    rule = ANSWER_RULES[kind]
    yield from _options(field, kind, rule, place)
    if field.get("confirms") and Setting.CONFIRMS not in rule.settings:
        what = f"is of the type {kind} and confirms others."
        mend = f"Make its type {_types_with(Setting.CONFIRMS)}, or let it confirm nothing."
        yield Problem(place=(*place, "confirms"), what=what, mend=mend)
    if is_yes(field.get("waives")) and Setting.WAIVES not in rule.settings:
        what = f"is of the type {kind} and waives the others."
        mend = f"Make its type {_types_with(Setting.WAIVES)}, or let it waive nothing."
        yield Problem(place=(*place, "waives"), what=what, mend=mend)
    yield from _bounds(field, kind, rule, place)
    if is_yes(field.get("required")) and field.get("shown_when"):
        what = "is required and not always asked."
        mend = "Say instead when it is required: required_when with the same conditions."
        yield Problem(place=(*place, "required"), what=what, mend=mend)


def answers(field: dict[str, Any]) -> list[str] | None:
    """The answers of a field that a condition may name; None if it has none, or if they cannot be read."""
    written = field.get("type")
    rule = ANSWER_RULES[Kind(written)] if written in set(Kind) else None
    if rule and rule.fixed_answers:
        return list(rule.fixed_answers)
    if rule is None or not rule.takes_options:
        return None
    if rule.default_options and not field.get("options"):
        return list(rule.default_options)
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


def _types_with(setting: Setting) -> str:
    """The types that may have a setting: "choice, multi or lamp"."""
    *others, last = (kind.value for kind, rule in ANSWER_RULES.items() if setting in rule.settings)
    return f"{', '.join(others)} or {last}" if others else last


def _options(field: dict[str, Any], kind: Kind, rule: AnswerRule, place: Place) -> Iterator[Problem]:
    options, confirms, usual = field.get("options"), field.get("confirms"), rule.default_options
    if options and not rule.takes_options:
        what, mend = f"is of the type {kind} and has options.", f"Make its type {_types_with(Setting.OPTIONS)}"
        yield Problem(place=(*place, "options"), what=what, mend=f"{mend}, or take them out.")
    elif options and confirms:
        what = "has options and confirms others: those others are its options."
        yield Problem(place=(*place, "options"), what=what, mend="Take the options out.")
    elif not options and not confirms and rule.takes_options and not usual:
        what = "has no options to choose from."
        yield Problem(place=(*place, "options"), what=what, mend="Give it some, or another type.")
    elif options and usual and (named := answers(field)) is not None and len(named) != len(usual):
        what = f"is a {kind} with {len(named)} options."
        yield Problem(place=(*place, "options"), what=what, mend="Name three, from good to bad, or make it a choice.")


def _bounds(field: dict[str, Any], kind: Kind, rule: AnswerRule, place: Place) -> Iterator[Problem]:
    for bound in (Setting.MIN, Setting.MAX):
        if field.get(bound) and bound not in rule.settings:
            what, mend = f"is a bound, and its type is {kind}.", f"Make its type {_types_with(bound)}"
            yield Problem(place=(*place, bound.value), what=what, mend=f"{mend}, or take the bound out.")
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
