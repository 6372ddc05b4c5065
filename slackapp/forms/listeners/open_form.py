"""Open the form for a new handoff from the command, a shortcut or the Home tab, and submit it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from slackapp.forms.actions import save_draft
from slackapp.forms.listeners import entries, pages
from slackapp.forms.listeners.duplicates import NO_WARNING, DuplicateWarning
from slackapp.forms.listeners.entries import FormStep
from slackapp.forms.model import FormDraft, FormReference, Prefilled
from slackapp.forms.queries.form_context import SELECTABLE, load_form_context
from slackapp.forms.rules.starting_point import StartingPoint, starting_point_json
from slackapp.forms.views.page import Page, layout
from slackapp.forms.views.pages import TITLE, draw_page
from slackapp.handoffs.actions.open_handoff import NewHandoff, open_handoff
from slackapp.handoffs.model import Invalid, Missing, Repeated
from slackapp.handoffs.queries.find import find_handoff, find_queues
from slackapp.handoffs.views import refusals, verb_forms
from slackapp.slack import ids, message_text
from slackapp.slack.block_kit import modals
from slackapp.slack.conversation import CloseModals, Context, OpenModal, OptionList, Reply, UpdateModal
from slackapp.slack.ids import Field, Shortcut
from slackapp.slack.payloads import Click, OptionSearch, ShortcutUse, Submit
from slackapp.templates.rules import parse_answers
from storage.handoffs.lifecycle import Verb
from storage.handoffs.model import Priority, Source

NO_VALUES: Final = Prefilled()


def new_form(
    context: Context,
    user: str,
    prefilled: Prefilled = NO_VALUES,
    source: Source | None = None,
    *,
    start: StartingPoint | None = None,
    warning: DuplicateWarning = NO_WARNING,
    notices: Sequence[str] = (),
) -> OpenModal:
    """Return an empty or prefilled form, with the person's unsent draft on offer.

    The starting point is saved once Slack has shown the form, for the first values of later pages. `warning` is about
    unfinished handoffs of the same work, `notices` are sentences on top.
    """
    known = load_form_context(
        context.baton, workspace=context.workspace, user=user, reference=FormReference(chosen=prefilled.values)
    )
    draft = FormDraft(source=source, marks=prefilled.marks)
    values = entries.fit_answers(known.template, prefilled.values)
    unsent = None if start else pages.draft_to_offer(context, user)
    page = Page(form_context=known, draft=draft, values=values, unsent=unsent, notices=notices)
    view = draw_page(page)
    keep = replace(draft, answers=values, beginning=starting_point_json(start) if start else {}, passed=warning.passed)
    waits = start is not None or bool(draft.marks) or not values.keys() <= set(layout(page).shown)
    return OpenModal(
        view={**view, "blocks": [*warning.blocks, *view["blocks"]]},
        on_opened=_keeping(context, user, keep) if waits else None,
    )


def open_by_shortcut(context: Context, chosen: ShortcutUse) -> Reply:
    """Open an empty form for the global shortcut."""
    return new_form(context, chosen.who.user)


def open_by_button(context: Context, click: Click) -> Reply:
    """Open an empty form for the button in the Home tab."""
    return new_form(context, click.who.user)


def submit(context: Context, sent: Submit) -> Reply:
    """Handle a sent page; the last one opens one handoff, however often it is sent."""
    return pages.submit_page(context, sent, _open)


def _open(context: Context, step: FormStep) -> Reply:
    outcome = open_handoff(
        context.baton,
        workspace=context.workspace,
        user=step.user,
        draft=_handoff_draft(context, step),
        form=step.draft.draft_id,
        entered=pages.fingerprint(step),
    )
    match outcome:
        case Invalid(problems=found):
            return pages.show_problems(context, step, found)
        case Repeated(same=False, handoff=handoff):
            return _stored_before(context, step.user, handoff.id)
        case _:
            return CloseModals()


def _handoff_draft(context: Context, step: FormStep) -> NewHandoff:
    values, template = step.values, step.template
    return NewHandoff(
        title=values.get(Field.TITLE) or "",
        queue=step.form_context.queue.key if step.form_context.queue else "",
        next_step=values.get(Field.NEXT_STEP) or "",
        note=message_text.with_names(context, parse_answers.text(values.get(Field.NOTE))),
        priority=Priority(values.get(Field.PRIORITY) or Priority.NORMAL),
        person=values.get(Field.PERSON),
        link=values.get(Field.LINK),
        needed_by=parse_answers.instant(values.get(Field.NEEDED_BY)),
        source=step.draft.source,
        template=template.key if template else None,
        fields={one.key: values[one.key] for one in template.questions if one.key in values} if template else {},
        told_customer=values.get(Field.TOLD_CUSTOMER),
    )


def _keeping(context: Context, user: str, draft: FormDraft) -> Callable[[str], None]:
    def keep(view_id: str) -> None:
        save_draft(context.baton, workspace=context.workspace, user=user, draft=replace(draft, draft_id=view_id))

    return keep


def search_queues(context: Context, asked: OptionSearch) -> OptionList:
    """Return the teams whose name contains the typed text."""
    found = find_queues(
        context.baton, workspace=context.workspace, text=asked.text, limit=SELECTABLE, user=asked.who.user
    )
    return OptionList(options=verb_forms.queue_options(found))


def no_templates(_context: Context, _asked: OptionSearch) -> OptionList:
    """Return no template: before a team is chosen there is none to choose."""
    return OptionList(options=[])


def _stored_before(context: Context, user: str, handoff_id: str) -> Reply:
    """Show the handoff that the same form opened before with other answers, and offer to add a note."""
    seen = find_handoff(context.baton, workspace=context.workspace, handoff_id=handoff_id, user=user)
    if isinstance(seen, Missing):
        return UpdateModal(view=modals.message_view("Handoff", refusals.GONE))
    return UpdateModal(view=verb_forms.already_stored(seen.details, seen.now))


FORMS: Final[Mapping[str, Callable[[Context, Submit], Reply]]] = {ids.action(Verb.OPEN): submit}
CLICKS: Final[Mapping[str, Callable[[Context, Click], Reply]]] = {ids.action(Verb.OPEN): open_by_button}
SHORTCUTS: Final[Mapping[str, Callable[[Context, ShortcutUse], Reply]]] = {
    Shortcut.OPEN: open_by_shortcut,
}
OPENS: Final[Mapping[str, str]] = {Shortcut.OPEN: TITLE}
CHOICES: Final[Mapping[str, Callable[[Context, OptionSearch], OptionList]]] = {
    Field.QUEUE: search_queues,
    Field.TEMPLATE: no_templates,
}
