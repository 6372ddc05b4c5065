"""The template editor's vocabulary: types of fields, places of problems, refusals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from slackapp.slack.block_kit import phrases
from slackapp.slack.block_kit.blocks import said
from slackapp.templates.views.answer_types import ANSWER_TYPES
from slackapp.yaml_files.problems import Problem
from storage.handoffs.lifecycle import ReadBackMode
from storage.templates.model import NoteMode, Origin, Question, Template

NOTES: Final[Mapping[NoteMode, str]] = {
    NoteMode.REQUIRED: "Required",
    NoteMode.OPTIONAL: "Optional",
    NoteMode.NONE: "Not asked",
}
READ_BACKS: Final[Mapping[ReadBackMode, str]] = {
    ReadBackMode.OFF: "Off: after claiming, they can start right away",
    ReadBackMode.SOFT: "Soft: they say what they will do first",
    ReadBackMode.HARD: "Hard: the sender stays accountable until then",
}
ORIGINS: Final[Mapping[Origin, str]] = {
    Origin.SHIPPED: "Built in",
    Origin.FILE: "From the configuration file",
    Origin.SLACK: "Made in Slack",
}
_PARTS: Final[Mapping[str, str]] = {
    "name": "Name",
    "sender": "Who hands off",
    "receiver": "Who receives it",
    "about": "What it is for",
    "card": "Card",
    "reasons": "Reasons to send it back",
    "follow_ups": "Follow-ups",
    "read_back_ask": "What should they say back?",
    "retention": "Deletion of contents",
    "fields": "The template",
}
_OF_A_FIELD: Final[Mapping[str, str]] = {
    "options": "options",
    "shown_when": "conditions",
    "required_when": "required when",
    "label": "label",
    "help": "help",
    "confirms": "what it confirms",
}
GONE: Final = "This template no longer exists. Open the list again with `/handoff templates`."


def not_admin(admins: Sequence[str]) -> str:
    """The refusal for a person who is not an admin, naming the admins."""
    return f"Only Baton's admins can edit templates. Ask {phrases.any_of(admins)}."


def sender_and_receiver(template: Template) -> str:
    """The kinds of people a template is from and to, for mrkdwn."""
    ends = [said(end, 75) for end in (template.sender, template.receiver) if end]
    return " → ".join(ends)


def problem(template: Template, found: Problem) -> str:
    """A problem of a template as a sentence with its place, for mrkdwn."""
    return f"{_where(template, found.place)}: {said(f'{found.what} {found.fix}', 600)}"


def conditions(template: Template, wanted: Mapping[str, Sequence[str]]) -> str:
    """Conditions in words, for mrkdwn."""
    return ", and ".join(_condition(template.question(key), key, answers) for key, answers in wanted.items())


def _condition(question: Question | None, key: str, answers: Sequence[str]) -> str:
    if question is None:
        return said(key, 75)
    labels = [said(question.options.get(answer, answer), 75) for answer in answers]
    holds = ANSWER_TYPES[question.kind].condition.format(answers=" or ".join(labels))
    return f"{said(question.label, 75)} {holds}"


def _where(template: Template, place: Sequence[str | int]) -> str:
    match place:
        case ["fields", int(n), *rest] if n < len(template.questions):
            part = _OF_A_FIELD.get(str(rest[0]), "") if rest else ""
            label = f"*Question “{said(template.questions[n].label, 75)}”*"
            return f"{label}, {part}" if part else label
        case [part, *_]:
            return f"*{_PARTS.get(str(part), str(part))}*"
        case _:
            return "*The template*"
