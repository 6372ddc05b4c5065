"""The schema of templates in the configuration file; forms in Slack that edit a template use the same models."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Final

from pydantic import BeforeValidator, Field

from slackapp.templates.rules import values
from slackapp.templates.rules.answer_rules import ANSWER_RULES
from slackapp.yaml_files import scalars
from slackapp.yaml_files.schema import FilePart
from storage.handoffs.lifecycle import ReadBackMode
from storage.templates.model import AnswerType, FollowUp, NoteMode, Origin, PrefillSource, Question, Template

QuestionKey = Annotated[str, BeforeValidator(values.question_key)]
Key = Annotated[str, BeforeValidator(scalars.key)]
YesNo = Annotated[bool, BeforeValidator(scalars.yes_or_no)]
Options = Annotated[dict[str, str], BeforeValidator(values.options)]
Conditions = dict[QuestionKey, Annotated[tuple[str, ...], BeforeValidator(values.answers)]]


def _words(most: int) -> BeforeValidator:
    return BeforeValidator(values.words(most))


Label = Annotated[str, _words(values.LABEL)]
Help = Annotated[str, _words(values.HELP)]
Placeholder = Annotated[str, _words(values.PLACEHOLDER)]


class QuestionPart(FilePart):
    """One field of a template. Checks between its settings are in `field_checks` and `template_checks`."""

    key: QuestionKey
    label: Label
    type: Annotated[AnswerType, BeforeValidator(scalars.one_of("type of field", AnswerType))]
    help: Help = ""
    placeholder: Placeholder = ""
    required: YesNo = False
    required_when: Conditions = Field(default_factory=dict)
    shown_when: Conditions = Field(default_factory=dict)
    options: Options = Field(default_factory=dict)
    prefill: tuple[Annotated[PrefillSource, BeforeValidator(scalars.one_of("source", PrefillSource))], ...] = (
        PrefillSource.LAST,
    )
    weight: Annotated[int, BeforeValidator(values.weight)] = 1
    confirms: tuple[QuestionKey, ...] = ()
    waives: YesNo = False
    min: Annotated[str, BeforeValidator(values.number)] = ""
    max: Annotated[str, BeforeValidator(values.number)] = ""

    def record(self) -> Question:
        """The stored record. The template fills in the options of a multi that confirms others."""
        return Question(
            key=self.key,
            label=self.label,
            kind=self.type,
            help=self.help,
            placeholder=self.placeholder,
            required=self.required,
            required_when=dict(self.required_when),
            shown_when=dict(self.shown_when),
            options=dict(self.options or ANSWER_RULES[self.type].default_options),
            prefill=self.prefill,
            weight=self.weight,
            confirms=self.confirms,
            waives=self.waives,
            least=self.min,
            most=self.max,
        )


class FollowUpPart(FilePart):
    """A task to be done after the handoff."""

    what: Annotated[str, _words(values.OPTION)]
    within: Annotated[str, BeforeValidator(values.within)]

    def record(self) -> FollowUp:
        """The stored record."""
        return FollowUp(what=self.what, within=self.within)


class TemplatePart(FilePart):
    """A template: the form of a kind of handoff."""

    key: Key
    name: Annotated[str, BeforeValidator(scalars.name)]
    sender: Annotated[str, _words(values.OPTION)] = ""
    receiver: Annotated[str, _words(values.OPTION)] = ""
    about: Help = ""
    note: Annotated[NoteMode, BeforeValidator(scalars.one_of("way to ask for a note", NoteMode))] = NoteMode.OPTIONAL
    read_back: Annotated[ReadBackMode, BeforeValidator(scalars.one_of("read-back", ReadBackMode))] = ReadBackMode.OFF
    read_back_ask: Help = ""
    private: YesNo = False
    retention: Annotated[int | None, BeforeValidator(values.days)] = None
    card: tuple[QuestionKey, ...] = ()
    reasons: Options = Field(default_factory=dict)
    follow_ups: tuple[FollowUpPart, ...] = ()
    queues: tuple[Key, ...] = ()
    fields: tuple[QuestionPart, ...] = ()

    def record(self, origin: Origin = Origin.FILE) -> Template:
        """The stored record."""
        labels = {field.key: field.label for field in self.fields}
        return Template(
            key=self.key,
            origin=origin,
            name=self.name,
            sender=self.sender,
            receiver=self.receiver,
            about=self.about,
            questions=tuple(_with_options(field.record(), labels) for field in self.fields),
            note=self.note if self.fields else NoteMode.REQUIRED,
            card=self.card,
            reasons=dict(self.reasons),
            read_back=self.read_back,
            read_back_ask=self.read_back_ask,
            private=self.private,
            retention_days=self.retention,
            follow_ups=tuple(follow_up.record() for follow_up in self.follow_ups),
            queues=tuple(dict.fromkeys(self.queues)),
        )


def _with_options(question: Question, labels: dict[str, str]) -> Question:
    """A question that confirms others, with their labels as its options."""
    if not question.confirms:
        return question
    shown = {key: values.option_label(labels.get(key, key)) for key in question.confirms}
    return replace(question, options=shown)


PARTS: Final[tuple[type[FilePart], ...]] = (TemplatePart, QuestionPart, FollowUpPart)

TEMPLATE_KEYS: Final = tuple(sorted({name for part in PARTS for name in part.model_fields}))
"""Every key of a template, for guesses at a misspelled one."""
