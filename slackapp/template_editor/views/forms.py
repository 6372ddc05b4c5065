"""The template editor's forms: name and people, handling, a field, and a field's conditions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from slackapp.slack.block_kit.blocks import Block, context, said, section
from slackapp.slack.block_kit.inputs import choice
from slackapp.slack.block_kit.modals import MOST_OPTIONS, ask, modal, some_of, some_of_groups, ticks, typed
from slackapp.slack.ids import Field, TemplateAction
from slackapp.template_editor.rules import must_be_answered, possible_conditions
from slackapp.template_editor.views.wording import NOTES, READ_BACKS
from slackapp.templates.rules import values
from slackapp.templates.rules.answer_rules import ANSWER_RULES
from slackapp.yaml_files import scalars
from storage.company.model import Queue
from storage.templates.model import AnswerType, Question, Template

TEAMS: Final = Field.QUEUE.value
"""The key of the input for teams; many teams are searched as in the form that opens a handoff."""
LONGEST: Final = 3000
"""Characters that an input takes; a longer text cannot be edited here, so that it is not cut."""
_FEW_CHOICES: Final = 300
"""Answers that a condition may name; more make the form too large."""

MARKS: Final[Mapping[str, str]] = {
    "required": "Required",
    "card": "Show the answer on the card",
    "waives": "“Nothing to report”: if ticked, nothing else is asked",
}
PRIVATE: Final[Mapping[str, str]] = {"private": "Only people involved can see the contents"}


def about(draft: Template, queues: Sequence[Queue], *, new: bool = False) -> Block:
    """The form about the name, the sender, the receiver, and the teams that offer it."""
    teams = {queue.key: queue.name for queue in queues}
    blocks = [
        ask("name", "Name", typed(draft.name, most=scalars.LONGEST_NAME, example="Renewal at risk"), optional=False),
        ask("sender", "Who hands off?", typed(draft.sender, most=values.OPTION, example="Account executive")),
        ask("receiver", "Who receives it?", typed(draft.receiver, most=values.OPTION, example="Success")),
        ask("about", "What is it for?", typed(draft.about, most=values.HELP), hint="One sentence."),
        *_teams(teams, draft.queues),
        ask("note", "Ask for a note?", choice(_labels(NOTES), draft.note.value), optional=False),
    ]
    submit = "Next" if new else "Save"
    return modal("Details and teams", TemplateAction.ABOUT, blocks, submit=submit, close="Cancel", template=draft.key)


def handling(draft: Template) -> Block:
    """The form about the claim, privacy, reasons for a return and follow-ups."""
    kept = "" if draft.retention_days is None else f"{draft.retention_days}d"
    reasons = options_as_text(draft.reasons)
    follow_ups = "\n".join(f"{one.what}: {one.within}" for one in draft.follow_ups)
    blocks = [
        ask(
            "read_back",
            "Read-back by the new owner",
            choice(_labels(READ_BACKS), draft.read_back.value),
            optional=False,
        ),
        ask(
            "read_back_ask",
            "What should they say back?",
            typed(draft.read_back_ask, most=values.HELP),
            hint="Leave empty for the standard question.",
        ),
        ask("private", "Privacy", ticks(PRIVATE, ["private"] if draft.private else [])),
        ask(
            "retention",
            "Delete contents how many days after the end?",
            typed(kept, most=5, example="30d"),
            hint="Leave empty to keep them.",
        ),
        _lines("reasons", "Reasons to send it back", reasons, "One per line. Leave empty for the usual ones."),
        _lines("follow_ups", "Follow-ups", follow_ups, "One per line, with a time: “Intro call: 5d”."),
    ]
    return modal("Handling", TemplateAction.HANDLING, blocks, submit="Save", close="Cancel", template=draft.key)


def field(draft: Template, question: Question | None) -> Block:
    """The form of a new or existing field."""
    found = question or Question(key="", label="", kind=AnswerType.SHORT)
    marks = [name for name, marked in _marked(draft, found).items() if marked]
    blocks = [
        ask("label", "Question", typed(found.label, most=values.LABEL, example="Why now?"), optional=False),
        ask(
            "type",
            "Answer type",
            choice({kind.value: rule.description for kind, rule in ANSWER_RULES.items()}, found.kind.value),
            optional=False,
        ),
        ask("help", "Help text", typed(found.help, most=values.HELP), hint="What a good answer includes."),
        *_options(found),
        ask("marks", "Settings", ticks(MARKS, marks)),
    ]
    title = "Edit question" if question else "Add question"
    return modal(
        title,
        TemplateAction.FIELD,
        blocks,
        submit="Save",
        close="Cancel",
        template=draft.key,
        field=question and question.key,
    )


def condition(draft: Template, question: Question) -> Block:
    """The form of the answers to earlier fields under which a field is asked, and required."""
    groups = _choices(draft, question)
    if not groups:
        text = (
            f"*{said(question.label)}* is always asked. To ask it only sometimes, put a question with options, or a "
            "checkbox, before it."
        )
        return modal("Conditions", TemplateAction.LIST, [section(text)])
    left_out = len(possible_conditions(draft, question.key)) - len(groups)
    small = [context(f"Questions with too many options aren't listed: {left_out}.")] if left_out else []
    hint = "Any chosen answer to a question is enough. With several questions, each needs one of its chosen answers."
    blocks = [
        section(f"*{said(question.label)}*"),
        ask("shown_when", "Ask it only when", some_of_groups(groups, option_values(question.shown_when)), hint=hint),
        ask(
            "required_when",
            "Required when",
            some_of_groups(groups, option_values(question.required_when)),
        ),
        *small,
    ]
    return modal(
        "Conditions",
        TemplateAction.CONDITION,
        blocks,
        submit="Save",
        close="Cancel",
        template=draft.key,
        field=question.key,
    )


def remove(draft: Template, question: Question) -> Block:
    """The confirmation before a field is removed."""
    text = f"*{said(question.label)}* will be removed from your draft, and from the conditions that use it."
    return modal(
        "Remove question",
        TemplateAction.REMOVE,
        [section(text)],
        submit="Remove",
        close="Keep it",
        template=draft.key,
        field=question.key,
    )


def option_values(conditions: Mapping[str, Sequence[str]]) -> list[str]:
    """Conditions as option values: `risk=watch`."""
    return [f"{key}={answer}" for key, answers in conditions.items() for answer in answers]


def offered_fields(draft: Template, key: str) -> set[str]:
    """The fields whose answers the condition form of this field offers."""
    question = draft.question(key)
    groups = _choices(draft, question).values() if question else ()
    return {value.partition("=")[0] for group in groups for value in group}


def options_as_text(choices: Mapping[str, str]) -> str:
    """Options as people type them, one per line."""
    return "\n".join(choices.values())


def _teams(teams: Mapping[str, str], chosen: Sequence[str]) -> list[Block]:
    if len(chosen) > MOST_OPTIONS:
        return [context(f"{len(chosen)} teams offer it. That's too many to edit here, so they stay as they are.")]
    return [ask(TEAMS, "Which teams offer it?", some_of(teams, chosen))] if teams else []


def _lines(key: str, label: str, text: str, hint: str) -> Block:
    """A multi-line input; a sentence if the text is longer than an input may hold."""
    if len(text) > LONGEST:
        return context(f"{label}: too long to edit here ({len(text)} characters), so it stays as it is.")
    return ask(key, label, typed(text, lines=True), hint=hint)


def _options(question: Question) -> list[Block]:
    if question.confirms:
        return [context("The questions it confirms are the options.")]
    usual = list(question.options) == list(ANSWER_RULES[question.kind].default_options)
    hint = "One per line, for answers to choose from. A status light without options has stable, watch and unstable."
    return [_lines("options", "Options", "" if usual else options_as_text(question.options), hint)]


def _marked(draft: Template, question: Question) -> dict[str, bool]:
    return {
        "required": must_be_answered(question),
        "card": question.key in draft.card,
        "waives": question.waives,
    }


def _choices(draft: Template, question: Question) -> dict[str, dict[str, str]]:
    """The answers of the fields before it, the nearest first, in groups, as many as fit."""
    groups: dict[str, dict[str, str]] = {}
    room = _FEW_CHOICES
    for one in reversed(possible_conditions(draft, question.key)):
        answers = dict.fromkeys(ANSWER_RULES[one.kind].fixed_answers, "Yes") or one.options
        if len(answers) > room:
            continue
        room -= len(answers)
        groups[_label(draft, one)] = {f"{one.key}={key}": words for key, words in answers.items()}
    return groups


def _label(draft: Template, question: Question) -> str:
    """A field's label after its number, because two fields may have the same label."""
    number = [one.key for one in draft.questions].index(question.key) + 1
    return f"{number}. {question.label}"


def _labels(words: Mapping[Any, str]) -> dict[str, str]:
    return {str(key): label for key, label in words.items()}
