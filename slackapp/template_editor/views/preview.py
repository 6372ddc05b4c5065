"""A preview of a template's form, to look at and to try out; nothing is stored."""

from __future__ import annotations

from collections.abc import Iterator

from slackapp.slack.block_kit.blocks import Block, actions, button, context, said, section
from slackapp.slack.block_kit.modals import modal
from slackapp.slack.ids import TemplateAction, button_value
from slackapp.template_editor.rules import must_be_answered
from slackapp.template_editor.views import wording
from slackapp.templates.rules import questions
from slackapp.templates.rules.answer_rules import ANSWER_RULES
from slackapp.templates.views.answer_inputs import InputState, blocks
from storage.templates.model import NoteMode, Question, Template


def preview(template: Template, page: int = 0) -> Block:
    """One page of the form."""
    pages = questions.pages(template)
    page = min(max(page, 0), max(len(pages) - 1, 0))
    blocks = [
        section(
            f"*{said(template.name, 75)}* as the sender sees it. Try it out: nothing is saved. The form also asks for "
            f"a team, a title, the first step and a priority{_note(template)}."
        ),
        *preview_blocks(template, page),
        *_turning(template, page, len(pages)),
    ]
    if not pages:
        return modal(
            "Preview",
            TemplateAction.PREVIEW,
            [*blocks, section("No questions of its own.")],
            template=template.key,
        )
    return modal("Preview", TemplateAction.PREVIEW, blocks, submit="Try it", close="Back")


def preview_blocks(template: Template, page: int) -> list[Block]:
    """The fields of one page as inputs; those asked under conditions with the conditions."""
    pages = questions.pages(template)
    found = pages[page] if page < len(pages) else []
    return [block for one in found for block in _asked(template, one, questions.waiver(found, one))]


def _asked(template: Template, question: Question, waiver: Question | None) -> Iterator[Block]:
    if question.shown_when:
        yield context(f"Only asked when {wording.conditions(template, question.shown_when)}:")
    if ANSWER_RULES[question.kind].takes_options and not question.options:
        yield context(f"{said(question.label)}: no options yet.")
        return
    state = InputState(is_required=must_be_answered(question), waiver_label=waiver.label if waiver else "")
    yield from blocks(question, None, state)


def _note(template: Template) -> str:
    match template.note:
        case NoteMode.REQUIRED:
            return ", and requires a note"
        case NoteMode.OPTIONAL:
            return ", with an optional note"
        case NoteMode.NONE:
            return ""


def _turning(template: Template, page: int, pages: int) -> Iterator[Block]:
    if pages <= 1:
        return
    yield context(f"Page {page + 1} of {pages}")
    turns = [("Previous page", page - 1)] if page else []
    turns += [("Next page", page + 1)] if page + 1 < pages else []
    for label, to in turns:  # in rows of their own: in one row no two buttons may do the same
        value = button_value(f"{template.key}/{to}")
        yield from actions(button(label, TemplateAction.PREVIEW, value, about="of the preview"))
