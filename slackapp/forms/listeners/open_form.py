"""The form that opens a handoff, from the command or from anywhere; and what becomes of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from slackapp.capability import Word, text
from slackapp.forms.actions import save
from slackapp.forms.listeners import entries, pages
from slackapp.forms.listeners.duplicates import NOWHERE, There
from slackapp.forms.listeners.entries import FormStep
from slackapp.forms.model import FormDraft, FormReference, Prefilled
from slackapp.forms.queries.context import SELECTABLE, around
from slackapp.forms.rules.starting_point import StartingPoint, content
from slackapp.forms.views.pages import Page, draw_page
from slackapp.handoffs.actions.open_handoff import NewHandoff, open_handoff
from slackapp.handoffs.model import Invalid, Missing, Repeated
from slackapp.handoffs.queries.find import find_handoff, find_queues
from slackapp.handoffs.views import refusals, verb_forms
from slackapp.slack import ids, message_text
from slackapp.slack.block_kit import modals
from slackapp.slack.conversation import Context, Finished, OptionList, Redraw, Reply, Show
from slackapp.slack.ids import Field, Shortcut
from slackapp.slack.payloads import Chosen, Command, Submit, Typing
from slackapp.templates.rules import parse_answers
from storage.handoffs.lifecycle import Verb
from storage.handoffs.model import Priority, Source

NOTHING: Final = Prefilled()


def form(
    desk: Context,
    user: str,
    prefilled: Prefilled = NOTHING,
    source: Source | None = None,
    *,
    start: StartingPoint | None = None,
    there: There = NOWHERE,
) -> Show:
    """An empty or prefilled form, with the teams to choose from; and what was begun before and not sent.

    What it starts from is kept once Slack has shown it, for the first values of later pages. `there` is what is under
    way already.
    """
    known = around(desk.baton, workspace=desk.workspace, user=user, asked=FormReference(chosen=prefilled.values))
    going = FormDraft(source=source, marks=prefilled.marks)
    values = entries.fitted(known.template, prefilled.values)
    unsent = None if start else pages.unsent(desk, user)
    view = draw_page(Page(context=known, walk=going, values=values, unsent=unsent))
    keep = replace(going, answers=values, beginning=content(start) if start else {}, passed=there.passed)
    waits = start is not None or bool(going.marks) or not values.keys() <= ids.CORE
    return Show(
        view={**view, "blocks": [*there.blocks, *view["blocks"]]}, shown=_keeping(desk, user, keep) if waits else None
    )


def typed_alone(desk: Context, said: Command, _rest: str) -> Reply:
    """`/handoff` alone: an empty form."""
    return form(desk, said.who.user)


def anywhere(desk: Context, chosen: Chosen) -> Reply:
    """The global shortcut."""
    return form(desk, chosen.who.user)


def opened(desk: Context, sent: Submit) -> Reply:
    """A page of the form was sent; the last one makes one handoff, however often it is sent."""
    return pages.submitted(desk, sent, _open)


def _open(desk: Context, step: FormStep) -> Reply:
    outcome = open_handoff(
        desk.baton,
        workspace=desk.workspace,
        user=step.user,
        draft=_draft(desk, step),
        form=step.walk.draft_id,
        entered=pages.fingerprint(step),
    )
    match outcome:
        case Invalid(problems=found):
            return pages.mend(desk, step, found)
        case Repeated(same=False, handoff=handoff):
            return _stored_before(desk, step.user, handoff.id)
        case _:
            return Finished()


def _draft(desk: Context, step: FormStep) -> NewHandoff:
    values, template = step.values, step.template
    return NewHandoff(
        title=values.get(Field.TITLE) or "",
        queue=step.context.queue.key if step.context.queue else "",
        next_step=values.get(Field.NEXT_STEP) or "",
        note=message_text.named(desk, parse_answers.text(values.get(Field.NOTE))),
        priority=Priority(values.get(Field.PRIORITY) or Priority.NORMAL),
        person=values.get(Field.PERSON),
        link=values.get(Field.LINK),
        needed_by=parse_answers.instant(values.get(Field.NEEDED_BY)),
        source=step.walk.source,
        template=template.key if template else None,
        fields={one.key: values[one.key] for one in template.questions if one.key in values} if template else {},
        told_customer=values.get(Field.TOLD_CUSTOMER),
    )


def _keeping(desk: Context, user: str, walk: FormDraft) -> Callable[[str], None]:
    def keep(view_id: str) -> None:
        save(desk.baton, workspace=desk.workspace, user=user, walk=replace(walk, draft_id=view_id))

    return keep


def suggest(desk: Context, asked: Typing) -> OptionList:
    """Teams whose name contains what is typed."""
    found = find_queues(desk.baton, workspace=desk.workspace, text=asked.text, limit=SELECTABLE)
    return OptionList(options=verb_forms.queue_options(found))


def _stored_before(desk: Context, user: str, handoff_id: str) -> Reply:
    """The same form came with other answers: show what is stored, and offer to add the rest as a note."""
    seen = find_handoff(desk.baton, workspace=desk.workspace, handoff_id=handoff_id, user=user)
    if isinstance(seen, Missing):
        return Redraw(view=modals.message_view("Handoff", refusals.GONE))
    return Redraw(view=verb_forms.already_stored(seen.details, seen.now))


FORMS: Final[Mapping[str, Callable[[Context, Submit], Reply]]] = {ids.action(Verb.OPEN): opened}
SHORTCUTS: Final[Mapping[str, Callable[[Context, Chosen], Reply]]] = {
    Shortcut.OPEN: anywhere,
}
CHOICES: Final[Mapping[str, Callable[[Context, Typing], OptionList]]] = {Field.QUEUE: suggest}
WORDS: Final[Mapping[str, Word[Any]]] = {
    "": Word(talk=typed_alone, reads=text, usage="`{command}` opens the form", also=("new",)),
}
