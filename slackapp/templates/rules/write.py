"""Write a template as the plain data of the configuration file, without settings that are the default."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slackapp.templates.rules.answer_rules import ANSWER_RULES
from slackapp.templates.rules.values import slug
from slackapp.yaml_files.layout import InOneLine, PlainWord, without_empty
from storage.handoffs.lifecycle import ReadBackMode
from storage.templates.model import AnswerType, NoteMode, Question, Template


def plain_template(template: Template) -> dict[str, Any]:
    """A template as plain data of the file."""
    return without_empty(
        key=template.key,
        name=template.name,
        sender=template.sender,
        receiver=template.receiver,
        about=template.about,
        note=None if template.note is NoteMode.OPTIONAL else template.note.value,
        read_back=None if template.read_back is ReadBackMode.OFF else template.read_back.value,
        read_back_ask=template.read_back_ask,
        private=_yes_or_no(said=template.private),
        retention=None if template.retention_days is None else f"{template.retention_days}d",
        card=list(template.card),
        reasons=_options(template.reasons),
        follow_ups=[InOneLine(what=one.what, within=one.within) for one in template.follow_ups],
        queues=list(template.queues),
        fields=[InOneLine(_field(question)) for question in template.questions],
    )


def _field(question: Question) -> dict[str, Any]:
    usual = Question(key="", label="", kind=AnswerType.SHORT)
    written = without_empty(
        key=question.key,
        label=question.label,
        type=question.kind.value,
        help=question.help,
        placeholder=question.placeholder,
        required=_yes_or_no(said=question.required),
        shown_when=_conditions(question.shown_when),
        required_when=_conditions(question.required_when),
        options=_options({} if _options_follow(question) else question.options),
        confirms=list(question.confirms),
        waives=_yes_or_no(said=question.waives),
        weight=None if question.weight == usual.weight else str(question.weight),
        min=question.least,
        max=question.most,
    )
    sources = {} if question.prefill == usual.prefill else {"prefill": [source.value for source in question.prefill]}
    return {**written, **sources}


def _options_follow(question: Question) -> bool:
    """Whether a question's options follow from the fields that it confirms, so that they are not written."""
    usual = ANSWER_RULES[question.kind].default_options
    return list(question.options.items()) == list(usual.items()) or bool(question.confirms)


def _options(options: Mapping[str, str]) -> Any:
    """Options as a list of words if their keys follow from the words, else as a mapping."""
    if all(slug(words) == key for key, words in options.items()):
        return list(options.values())
    return InOneLine(options)


def _conditions(conditions: Mapping[str, tuple[str, ...]]) -> dict[str, Any]:
    return InOneLine({key: list(wanted) for key, wanted in conditions.items()})


def _yes_or_no(*, said: bool) -> str | None:
    return PlainWord("yes") if said else None
