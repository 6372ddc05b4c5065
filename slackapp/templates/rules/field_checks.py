"""Checks within one field of a template: its settings must fit its type and each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation

from slackapp.templates.rules.answer_rules import ANSWER_RULES, Setting
from slackapp.templates.rules.schema import QuestionPart
from slackapp.yaml_files.problems import Place, Problem
from slackapp.yaml_files.schema import optional
from storage.templates.model import AnswerType

Called = Callable[[AnswerType], str]
"""How a reader knows a type: by its key in a file, by its words in Slack."""


def type_problems(field: QuestionPart, place: Place, called: Called) -> Iterator[Problem]:
    """The problems of settings that do not fit the field's type; none if the type could not be read."""
    kind = optional(field.type)
    if kind is None:
        return
    rule = ANSWER_RULES[kind]
    yield from _options(field, kind, place, called)
    if field.confirms and Setting.CONFIRMS not in rule.settings:
        what = f"is of the type {called(kind)} and confirms others."
        fix = f"Make its type {_types_with(Setting.CONFIRMS, called)}, or let it confirm nothing."
        yield Problem(place=(*place, "confirms"), what=what, fix=fix)
    if field.waives and Setting.WAIVES not in rule.settings:
        what = f"is of the type {called(kind)} and waives the others."
        fix = f"Make its type {_types_with(Setting.WAIVES, called)}, or let it waive nothing."
        yield Problem(place=(*place, "waives"), what=what, fix=fix)
    yield from _bounds(field, kind, place, called)
    if field.required and field.shown_when != {}:
        what = "is required but not always asked."
        fix = "Use required_when with the same conditions instead."
        yield Problem(place=(*place, "required"), what=what, fix=fix)


def condition_answers(field: QuestionPart) -> list[str] | None:
    """The answers of a field that a condition may name; None if there are none or they could not be read."""
    kind = optional(field.type)
    rule = ANSWER_RULES[kind] if kind is not None else None
    if rule and rule.fixed_answers:
        return list(rule.fixed_answers)
    if rule is None or not rule.takes_options:
        return None
    if rule.default_options and field.options == {}:
        return list(rule.default_options)
    if field.confirms:
        return list(field.confirms)
    options = optional(field.options)
    return None if options is None else list(options)


def _types_with(setting: Setting, called: Called) -> str:
    """The types that may have a setting: "choice, multi or lamp"."""
    *others, last = (called(kind) for kind, rule in ANSWER_RULES.items() if setting in rule.settings)
    return f"{', '.join(others)} or {last}" if others else last


def _options(field: QuestionPart, kind: AnswerType, place: Place, called: Called) -> Iterator[Problem]:
    rule = ANSWER_RULES[kind]
    options, confirms, usual = field.options != {}, field.confirms, rule.default_options
    if options and not rule.takes_options:
        what = f"is of the type {called(kind)} and has options."
        fix = f"Make its type {_types_with(Setting.OPTIONS, called)}, or remove them."
        yield Problem(place=(*place, "options"), what=what, fix=fix)
    elif options and confirms:
        what = "has options and confirms others: those others are its options."
        yield Problem(place=(*place, "options"), what=what, fix="Remove the options.")
    elif not options and not confirms and rule.takes_options and not usual:
        what = "has no options to choose from."
        yield Problem(place=(*place, "options"), what=what, fix="Add some, or choose another type.")
    elif options and usual and (named := condition_answers(field)) is not None and len(named) != len(usual):
        what = f"is a {called(kind)} with {len(named)} options."
        yield Problem(place=(*place, "options"), what=what, fix="Name three, from good to bad, or make it a choice.")


def _bounds(field: QuestionPart, kind: AnswerType, place: Place, called: Called) -> Iterator[Problem]:
    rule = ANSWER_RULES[kind]
    for setting, bound in ((Setting.MIN, field.min), (Setting.MAX, field.max)):
        if bound and setting not in rule.settings:
            what, fix = f"is a bound, and its type is {called(kind)}.", f"Make its type {_types_with(setting, called)}"
            yield Problem(place=(*place, setting.value), what=what, fix=f"{fix}, or remove it.")
    least, most = _number(field.min), _number(field.max)
    if least is not None and most is not None and least > most:
        what = f"{field.min} is more than max, {field.max}."
        yield Problem(place=(*place, "min"), what=what, fix="Swap them.")


def _number(written: str | None) -> Decimal | None:
    try:
        number = Decimal(written) if written else None
    except InvalidOperation:
        return None
    return number if number is not None and number.is_finite() else None
