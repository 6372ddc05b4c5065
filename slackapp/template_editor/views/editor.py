"""A template's draft as its admin sees it: its settings, its fields in order, and its problems."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from slackapp.slack.block_kit.blocks import (
    Block,
    actions,
    button,
    context,
    divider,
    fitting,
    option,
    overflow,
    said,
    section,
)
from slackapp.slack.block_kit.modals import modal
from slackapp.slack.block_kit.phrases import counted
from slackapp.slack.ids import MORE, TemplateAction, button_value, menu_value
from slackapp.template_editor.rules import must_be_answered
from slackapp.template_editor.views import wording
from slackapp.template_editor.views.wording import NOTES, READ_BACKS, sender_and_receiver
from slackapp.templates.rules.answer_rules import type_words
from slackapp.templates.rules.template_checks import MOST_FIELDS
from slackapp.yaml_files.problems import Problem
from storage.company.model import Queue
from storage.templates.model import Question, Template

_ROOM: Final = 2700
_SHOWN_OPTIONS: Final = 10


def editor(
    draft: Template,
    in_use: Template | None,
    queues: Sequence[Queue],
    *,
    problems: Sequence[Problem] = (),
    has_conflict: bool = False,
) -> Block:
    """The view of a draft, with the problems that stopped an attempt to publish it."""
    blocks = [
        *_problems(draft, in_use, problems, has_conflict=has_conflict),
        section("\n".join(_heading(draft))),
        context(_state(draft, in_use), *_facts(draft, queues)),
        *actions(*_buttons(draft)),
        divider(),
        *_fields(draft),
    ]
    seen = {"over": in_use.version if in_use else 0} if has_conflict else {}
    return modal(
        "Edit template",
        TemplateAction.PUBLISH,
        blocks,
        submit="Publish",
        close="Keep as draft",
        template=draft.key,
        **seen,
    )


def field_value(template: Template, field: str) -> str:
    """The value of a button that names a field of a template."""
    return f"{template.key}/{field}"


def _problems(
    draft: Template, in_use: Template | None, problems: Sequence[Problem], *, has_conflict: bool
) -> Iterator[Block]:
    if problems:
        count = "this" if len(problems) == 1 else f"these {len(problems)} things"
        lines = [f"• {wording.problem(draft, found)}" for found in problems]
        shown = fitting(lines, _ROOM)
        more = [f"…and {len(lines) - len(shown)} more."] if len(shown) < len(lines) else []
        yield section("\n".join([f"*Not published yet.* Fix {count} first:", *shown, *more]))
    if has_conflict and in_use:
        yield section(
            f"*Not published yet.* Someone published version {in_use.version} after you started. Press *Publish* "
            "again to replace it, or keep your draft and look at theirs in the list."
        )
    elif has_conflict:
        yield section(
            "*Not published yet.* Someone retired this template after you started. Press *Publish* again to bring it "
            "back as it is here."
        )


def _heading(draft: Template) -> Iterator[str]:
    yield f"*{said(draft.name, 75)}*"
    if draft.sender or draft.receiver:
        yield sender_and_receiver(draft)
    if draft.about:
        yield said(draft.about, 300)


def _state(draft: Template, in_use: Template | None) -> str:
    if in_use and draft.version:
        return f"Your draft. Version {in_use.version} is published. Open handoffs keep the version they started with."
    return "Your draft. Only you can see it until you publish it."


def _facts(draft: Template, queues: Sequence[Queue]) -> Iterator[str]:
    names = [said(queue.name, 75) for queue in queues if queue.key in draft.queues]
    yield (
        f"Offered by {', '.join(fitting(names, 500))}"
        if names
        else "No team offers it yet. Choose teams under Details and teams."
    )
    yield f"Note: {NOTES[draft.note].lower()}"
    yield f"Read-back: {READ_BACKS[draft.read_back].partition(':')[0].lower()}"
    if draft.private:
        yield "Private"
    if draft.retention_days is not None:
        yield f"Contents are deleted {counted(draft.retention_days, 'day')} after the end"
    if draft.reasons:
        yield f"Reasons to send it back: {', '.join(fitting((said(words) for words in draft.reasons.values()), 500))}"
    if draft.follow_ups:
        listed = (f"{said(one.what)} within {said(one.within)}" for one in draft.follow_ups)
        yield f"Follow-ups: {', '.join(fitting(listed, 500))}"


def _buttons(draft: Template) -> Iterator[Block]:
    value, about = button_value(draft.key), f"of {draft.name}"
    if len(draft.questions) < MOST_FIELDS:
        yield button(
            "Add question", TemplateAction.FIELD, button_value(field_value(draft, "")), about=f"to {draft.name}"
        )
    yield button("Details and teams", TemplateAction.ABOUT, value, about=about)
    yield button("Handling", TemplateAction.HANDLING, value, about=about)
    yield button("Preview", TemplateAction.PREVIEW, value, about=about)


def _fields(draft: Template) -> Iterator[Block]:
    if not draft.questions:
        yield section(
            "No questions yet. The form asks for a team, a title, the first step, a priority and a note. "
            "Add a question for anything else the next person needs to know."
        )
    for number, question in enumerate(draft.questions, start=1):
        yield _field(draft, question, number)


def _field(draft: Template, question: Question, number: int) -> Block:
    marks = [type_words(question.kind)]
    marks += ["required"] if must_be_answered(question) else []
    marks += ["on the card"] if question.key in draft.card else []
    marks += ["if ticked, nothing else is asked"] if question.waives else []
    lines = [f"*{number}. {said(question.label)}*", ", ".join(marks)]
    if question.help:
        lines.append(said(question.help, 300))
    if question.options:
        shown = [said(words, 75) for words in list(question.options.values())[:_SHOWN_OPTIONS]]
        more = [f"{len(question.options) - _SHOWN_OPTIONS} more"] if len(question.options) > _SHOWN_OPTIONS else []
        lines.append(f"Options: {', '.join([*shown, *more])}")
    if question.shown_when:
        lines.append(f"Asked when {wording.conditions(draft, question.shown_when)}")
    if question.required_when and question.required_when != question.shown_when:
        lines.append(f"Required when {wording.conditions(draft, question.required_when)}")
    (accessory,) = overflow(MORE, list(_menu(draft, question, number)))
    return section("\n".join(lines), accessory=accessory)


def _menu(draft: Template, question: Question, number: int) -> Iterator[Block]:
    value = field_value(draft, question.key)
    yield option("Edit", menu_value(TemplateAction.FIELD, value))
    yield option("Conditions", menu_value(TemplateAction.CONDITION, value))
    if number > 1:
        yield option("Move up", menu_value(TemplateAction.UP, value))
    if number < len(draft.questions):
        yield option("Move down", menu_value(TemplateAction.DOWN, value))
    yield option("Remove…", menu_value(TemplateAction.REMOVE, value))
