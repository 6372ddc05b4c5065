"""Edit and Resend: the form of several pages that changes what was sent, asked for on a card and sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from slackapp.forms.actions import forget
from slackapp.forms.listeners import pages
from slackapp.forms.listeners.entries import FormStep
from slackapp.handoffs.actions.carry_out import Outcome
from slackapp.handoffs.listeners import buttons, verb_forms
from slackapp.handoffs.model import Invalid, Repeated, Seen
from slackapp.handoffs.views.verb_forms import EDITED
from slackapp.slack import ids
from slackapp.slack.conversation import Context, Reply, Show
from slackapp.slack.ids import Field
from slackapp.slack.payloads import Click, Submit
from slackapp.templates.rules import parse_answers, questions
from storage.handoffs.acts import Edit, Resend
from storage.handoffs.lifecycle import Moved, Refused, Verb, Why
from storage.handoffs.model import Priority


def ask(desk: Context, click: Click, *, verb: Verb) -> Reply:
    """Open the first page, unless the verb may not be done now."""
    seen = buttons.permitted(desk, click, verb)
    return Show(view=pages.beginning(verb, seen)) if isinstance(seen, Seen) else seen


def edit(desk: Context, sent: Submit) -> Reply:
    """A page of other values for what was sent; with the last one they are stored."""
    return pages.submitted(desk, sent, _edited)


def _edited(desk: Context, step: FormStep) -> Reply:
    return _walked(desk, step, verb_forms.submit(desk, step.sheet, _edit(step), form=step.walk.draft_id))


def resend(desk: Context, sent: Submit) -> Reply:
    """A page of what was mended; with the last one it is open again."""
    return pages.submitted(desk, sent, _resent)


def _resent(desk: Context, step: FormStep) -> Reply:
    """What was mended is stored first, as an edit of its own in the audit; then it is open again.

    When the form comes again because only the edit was stored, the rest is done.
    """
    form = step.walk.draft_id
    edited = verb_forms.submit(desk, step.sheet, _edit(step), form=f"{form}edit")
    if isinstance(edited, Moved | Repeated) or (isinstance(edited, Refused) and edited.why is Why.SAME):
        note = parse_answers.text(step.values.get(Field.NOTE))
        resent = Resend(text=verb_forms.note(desk, {Field.NOTE: note}))
        return _walked(desk, step, verb_forms.submit(desk, step.sheet, resent, form=form))
    return _walked(desk, step, edited)


def _walked(desk: Context, step: FormStep, outcome: Outcome) -> Reply:
    """Answer the last page."""
    if isinstance(outcome, Invalid):
        return pages.mend(desk, step, outcome.problems)
    if isinstance(outcome, Refused):  # what stays as it is leaves no draft behind
        forget(desk.baton, workspace=desk.workspace, user=step.user, draft_id=step.walk.draft_id)
    return verb_forms.reply(desk, step.sheet, outcome)


def _edit(step: FormStep) -> Edit:
    """What was entered, as changes of columns and of answers. An answer that is not asked for any more goes."""
    changed, stored, template = step.walk.answers, step.stored, step.template
    changes = {field.value: _column(field, changed[field]) for field in EDITED if field in changed}
    told = {Field.TOLD_CUSTOMER.value: changed[Field.TOLD_CUSTOMER]} if Field.TOLD_CUSTOMER in changed else {}
    if template is None:
        return Edit(changes=changes, answers=told)
    kept = questions.relevant_answers(template, step.values)
    gone = stored.keys() - kept.keys()
    named = [one.key for one in template.questions if one.key in changed or one.key in gone]
    return Edit(changes=changes, answers={**{key: kept.get(key) for key in named}, **told})


def _column(field: Field, value: Any) -> Any:
    """A value as its column holds it."""
    if field is Field.PRIORITY:
        return Priority(value or Priority.NORMAL)
    if field is Field.NEEDED_BY:
        return parse_answers.instant(value)
    return value or "" if field in {Field.TITLE, Field.NEXT_STEP} else value


CLICKS: Final[Mapping[str, Callable[[Context, Click], Reply]]] = {
    ids.action(verb): partial(ask, verb=verb) for verb in buttons.PAGED_VERBS
}
FORMS: Final[Mapping[str, Callable[[Context, Submit], Reply]]] = {
    ids.action(Verb.EDIT): edit,
    ids.action(Verb.RESEND): resend,
}
