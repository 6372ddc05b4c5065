"""Edit and resend a handoff through the form of several pages, opened from its card."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from slackapp.forms.actions import forget_draft
from slackapp.forms.listeners import pages
from slackapp.forms.listeners.entries import FormStep
from slackapp.handoffs.actions.carry_out import Outcome
from slackapp.handoffs.listeners import buttons, verb_forms
from slackapp.handoffs.model import Invalid, Repeated, Seen
from slackapp.handoffs.views import wording
from slackapp.handoffs.views.verb_forms import EDITED
from slackapp.slack import ids
from slackapp.slack.conversation import Context, OpenModal, Reply
from slackapp.slack.ids import Field
from slackapp.slack.payloads import Click, Submit
from slackapp.templates.rules import parse_answers, questions
from storage.handoffs.acts import Edit, Resend
from storage.handoffs.lifecycle import Moved, RefusalReason, Refused, Verb
from storage.handoffs.model import Priority


def open_first_page(context: Context, click: Click, *, verb: Verb) -> Reply:
    """Open the form's first page, unless the verb is not allowed now."""
    seen = buttons.permitted(context, click, verb)
    return OpenModal(view=pages.first_page(verb, seen)) if isinstance(seen, Seen) else seen


def edit(context: Context, sent: Submit) -> Reply:
    """Handle a sent page of an edit; the last one stores it."""
    return pages.submit_page(context, sent, _edited)


def _edited(context: Context, step: FormStep) -> Reply:
    return _answer_last_page(
        context, step, verb_forms.submit(context, step.sheet, _edit(step), form=step.draft.draft_id)
    )


def resend(context: Context, sent: Submit) -> Reply:
    """Handle a sent page of a resend; the last one opens the handoff again."""
    return pages.submit_page(context, sent, _resent)


def _resent(context: Context, step: FormStep) -> Reply:
    """Store the edits first, as an audit entry of their own; then resend.

    A form that comes again after only the edit was stored is only resent.
    """
    form = step.draft.draft_id
    edited = verb_forms.submit(context, step.sheet, _edit(step), form=f"{form}edit")
    if isinstance(edited, Moved | Repeated) or (isinstance(edited, Refused) and edited.why is RefusalReason.SAME):
        note = parse_answers.text(step.values.get(Field.NOTE))
        resent = Resend(text=verb_forms.note(context, {Field.NOTE: note}))
        return _answer_last_page(context, step, verb_forms.submit(context, step.sheet, resent, form=form))
    return _answer_last_page(context, step, edited)


def _answer_last_page(context: Context, step: FormStep, outcome: Outcome) -> Reply:
    """Answer the last page with its outcome."""
    if isinstance(outcome, Invalid):
        return pages.show_problems(context, step, outcome.problems)
    if isinstance(outcome, Refused):  # what stays as it is leaves no draft behind
        forget_draft(context.baton, workspace=context.workspace, user=step.user, draft_id=step.draft.draft_id)
    return verb_forms.reply(context, step.sheet, outcome)


def _edit(step: FormStep) -> Edit:
    """Return the changes of fields and answers; an answer that is not asked for any more is removed."""
    changed, stored, template = step.draft.answers, step.stored, step.template
    changes = {field.value: _column(field, changed[field]) for field in EDITED if field in changed}
    told = {Field.TOLD_CUSTOMER.value: changed[Field.TOLD_CUSTOMER]} if Field.TOLD_CUSTOMER in changed else {}
    if template is None:
        return Edit(changes=changes, answers=told)
    kept = questions.relevant_answers(template, step.values)
    gone = stored.keys() - kept.keys()
    named = [one.key for one in template.questions if one.key in changed or one.key in gone]
    return Edit(changes=changes, answers={**{key: kept.get(key) for key in named}, **told})


def _column(field: Field, value: Any) -> Any:
    """Return a value as its column stores it."""
    if field is Field.PRIORITY:
        return Priority(value or Priority.NORMAL)
    if field is Field.NEEDED_BY:
        return parse_answers.instant(value)
    return value or "" if field in {Field.TITLE, Field.NEXT_STEP} else value


CLICKS: Final[Mapping[str, Callable[[Context, Click], Reply]]] = {
    ids.action(verb): partial(open_first_page, verb=verb) for verb in buttons.PAGED_VERBS
}
OPENS: Final[Mapping[str, str]] = {ids.action(verb): wording.form_title(verb) for verb in buttons.PAGED_VERBS}
FORMS: Final[Mapping[str, Callable[[Context, Submit], Reply]]] = {
    ids.action(Verb.EDIT): edit,
    ids.action(Verb.RESEND): resend,
}
