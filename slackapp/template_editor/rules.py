"""Pure changes of a template while it is edited: fields added, moved and removed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Final

from slackapp.slack.block_kit.blocks import clip
from slackapp.slack.ids import CORE
from slackapp.templates.rules.answer_rules import ANSWER_RULES
from storage.templates.model import Question, Template

Conditions = Mapping[str, tuple[str, ...]]

_LONGEST_KEY: Final = 40
_ROOM_FOR_A_NUMBER: Final = 4
_OPTION: Final = 75
"""Slack's limit for the text of an option."""


def key_for(words: str, taken: Collection[str], *, otherwise: str, joined_by: str = "_") -> str:
    """A key made from these words: lower-case Latin letters and digits, `joined_by` a sign, not one that is taken.

    `otherwise` is its beginning when the words have no such letter.
    """
    latin = unicodedata.normalize("NFKD", words.casefold()).encode("ascii", "ignore").decode()
    sign, room = joined_by, _LONGEST_KEY - _ROOM_FOR_A_NUMBER
    stem = re.sub(r"[^a-z0-9]+", sign, latin).strip(sign)[:room].strip(sign)
    stem = stem if stem[:1].isalpha() else f"{otherwise}{sign}{stem}".strip(sign)[:room]
    number, key = 1, stem
    while key in taken:
        number += 1
        key = f"{stem}{sign}{number}"
    return key


def field_key(template: Template, label: str) -> str:
    """The key of a new field with this label. It never changes, because answers and conditions name it."""
    taken = {*CORE, *(question.key for question in template.questions)}
    return key_for(label, taken, otherwise="field")


def with_field(template: Template, question: Question, *, on_card: bool) -> Template:
    """The template with this field: replaced if the key exists, else added at the end."""
    others = [one.key for one in template.questions]
    questions = tuple(question if one.key == question.key else one for one in template.questions)
    if question.key not in others:
        questions = (*questions, question)
    card = tuple(key for key in template.card if key != question.key or on_card)
    if on_card and question.key not in card:
        card = (*card, question.key)
    return _labelled(replace(template, questions=questions, card=card))


def without_field(template: Template, key: str) -> Template:
    """The template without a field, and without it on the card, in conditions and in confirmations."""
    left = tuple(
        replace(
            one,
            shown_when=_without(one.shown_when, key),
            required_when=_without(one.required_when, key),
            confirms=tuple(other for other in one.confirms if other != key),
        )
        for one in template.questions
        if one.key != key
    )
    return _labelled(replace(template, questions=left, card=tuple(other for other in template.card if other != key)))


def with_field_moved(template: Template, key: str, by: int) -> Template:
    """The template with a field moved one place up (-1) or down (1); unchanged at either end."""
    questions = list(template.questions)
    at = next((n for n, one in enumerate(questions) if one.key == key), None)
    if at is None or not 0 <= at + by < len(questions):
        return template
    questions[at], questions[at + by] = questions[at + by], questions[at]
    return replace(template, questions=tuple(questions))


def must_be_answered(question: Question) -> bool:
    """Whether a field is required whenever it is asked."""
    return question.required or (bool(question.shown_when) and question.required_when == question.shown_when)


def required(question: Question, *, wanted: bool) -> Question:
    """The field, required or not. A field asked under conditions is required under the same conditions."""
    if wanted == must_be_answered(question):
        return question
    if not wanted:
        return replace(question, required=False, required_when={})
    if question.shown_when:
        return replace(question, required=False, required_when=question.shown_when)
    return replace(question, required=True, required_when={})


def conditioned(question: Question, shown: Conditions, needed: Conditions) -> Question:
    """The field, asked only under the `shown` conditions, and required under the `needed` ones."""
    always = must_be_answered(question) and needed == question.required_when
    free = replace(question, shown_when=shown, required=False, required_when=needed)
    return required(replace(free, required_when={}), wanted=True) if always else free


def possible_conditions(template: Template, key: str) -> list[Question]:
    """The fields before this one whose answers a condition can name."""
    before = []
    for question in template.questions:
        if question.key == key:
            break
        if (question.options or ANSWER_RULES[question.kind].fixed_answers) and not question.waives:
            before.append(question)
    return before


def _labelled(template: Template) -> Template:
    """The template with current labels as the options of fields that confirm others."""
    labels = {one.key: one.label for one in template.questions}
    return replace(
        template,
        questions=tuple(
            replace(one, options={key: _short(labels.get(key, key)) for key in one.confirms}) if one.confirms else one
            for one in template.questions
        ),
    )


def _short(label: str) -> str:
    return clip(label, _OPTION)


def _without(conditions: Conditions, key: str) -> Conditions:
    return {other: wanted for other, wanted in conditions.items() if other != key}
