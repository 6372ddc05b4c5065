"""Handle buttons and selects in a form that is not sent yet: other pages, more fields, unsent drafts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from slackapp.forms import actions
from slackapp.forms.listeners import pages
from slackapp.forms.listeners.entries import FormStep, read_form
from slackapp.forms.model import FormReference
from slackapp.forms.queries.form_context import load_form_context
from slackapp.forms.rules import form_draft
from slackapp.handoffs.views import refusals
from slackapp.slack import ids
from slackapp.slack.conversation import Context, NoReply, Reply, UpdateModal, tell
from slackapp.slack.payloads import Click
from storage.handoffs.lifecycle import Verb

PAGED_FORMS: Final = frozenset({ids.action(verb) for verb in (Verb.OPEN, Verb.EDIT, Verb.RESEND)})
"""Forms of several pages."""
DRAFT_GONE: Final = "That draft is gone: it was sent or discarded, or is more than a day old. Start again here."


def redraw(context: Context, click: Click) -> Reply:
    """Redraw the page after a choice that changes what is asked."""
    return _pressed(context, click, lambda step: pages.show_page(context, step, step.draft.page))


def more(context: Context, click: Click) -> Reply:
    """Show the fields behind "More"."""
    return _pressed(
        context, click, lambda step: pages.show_page(context, replace(step, draft=replace(step.draft, more=True)), 0)
    )


def back(context: Context, click: Click) -> Reply:
    """Show the page before; from a question between two pages, or from the fields behind "More", where it came from."""

    def earlier(step: FormStep) -> Reply:
        draft = step.draft
        is_behind = draft.page == 0 and draft.more
        stopped = bool(step.sheet.meta.get("anyway")) or is_behind
        page = draft.page if stopped else form_draft.previous_page(draft.page, step.template, step.values)
        more = draft.more and not is_behind
        return pages.show_page(context, replace(step, draft=replace(draft, more=more)), page)

    return _pressed(context, click, earlier)


def continue_unsent(context: Context, click: Click) -> Reply:
    """Show an unsent draft instead of this form; what was typed into this one is saved as well."""

    def go_on(step: FormStep) -> Reply:
        if step.draft.touched:
            pages.keep_draft(context, step)
        wanted = click.target.handoff_id if click.target else ""
        known = load_form_context(
            context.baton,
            workspace=context.workspace,
            user=step.user,
            reference=FormReference(draft_id=wanted, chosen={}),
        )
        if known.draft is None:
            return UpdateModal(view=pages.draw(context, _without_offer(step), notices=[DRAFT_GONE]))
        return pages.show_page(
            context, _without_offer(replace(step, draft=known.draft, form_context=known)), known.draft.page
        )

    return _pressed(context, click, go_on)


def discard_unsent(context: Context, click: Click) -> Reply:
    """Delete an unsent draft."""

    def forget(step: FormStep) -> Reply:
        wanted = click.target.handoff_id if click.target else ""
        actions.forget_draft(context.baton, workspace=context.workspace, user=step.user, draft_id=wanted)
        return UpdateModal(view=pages.draw(context, _without_offer(step)))

    return _pressed(context, click, forget)


def _pressed(context: Context, click: Click, go_on: Callable[[FormStep], Reply]) -> Reply:
    if click.sheet is None or click.sheet.form not in PAGED_FORMS:
        return NoReply()
    step = read_form(context, click.sheet)
    if step.form_context.sent:
        return tell(refusals.SENT_BEFORE)
    if step.form_context.is_gone:
        return tell(refusals.GONE)
    return go_on(step)


def _without_offer(step: FormStep) -> FormStep:
    meta = {key: value for key, value in step.sheet.meta.items() if key != "offer"}
    return replace(step, sheet=replace(step.sheet, meta=meta))


CLICKS: Final[Mapping[str, Callable[[Context, Click], Reply]]] = {
    ids.VALUE: redraw,
    ids.FORM_MORE: more,
    ids.FORM_BACK: back,
    ids.FORM_CONTINUE: continue_unsent,
    ids.FORM_DISCARD: discard_unsent,
}
