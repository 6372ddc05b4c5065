"""The form that opens a handoff: from the command, from anywhere, or from a message; and what becomes of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from slackapp import ids
from slackapp.ids import Field, Shortcut
from slackapp.listeners import typed
from slackapp.listeners.desk import Choices, Desk, Finished, Mend, Redraw, Reply, Show
from slackapp.listeners.inbound import Chosen, Submit, Typing, source_of
from slackapp.usecases.look_up import find_queues, look_up
from slackapp.usecases.open_handoff import Draft, open_handoff
from slackapp.usecases.outcomes import Invalid, Missing, Repeated
from slackapp.views import forms, problems, refusals
from slackapp.views.forms import Prefill
from storage.lifecycle import Verb
from storage.records import Priority, Source, Text

SELECTABLE: Final = 100
"""Slack's limit for options in a select; more queues are searched while typing."""


def form(desk: Desk, prefill: Prefill | None = None) -> Reply:
    """An empty or prefilled form, with the teams to choose from."""
    queues = find_queues(desk.baton, workspace=desk.workspace, text="", limit=SELECTABLE + 1)
    return Show(view=forms.open_form(prefill or Prefill(), queues if len(queues) <= SELECTABLE else None))


def anywhere(desk: Desk, _chosen: Chosen) -> Reply:
    """The global shortcut."""
    return form(desk)


def from_message(desk: Desk, chosen: Chosen) -> Reply:
    """The message shortcut: its text quoted, its author and permalink kept."""
    if chosen.message is None:
        return form(desk)
    said = typed.words_of(desk, chosen.message)
    source = source_of(chosen.message, desk.team_url)
    note = typed.quoted(said).rich
    return form(desk, Prefill(title=typed.first_line(said.words), note=note, link=source.permalink, source=source))


def opened(desk: Desk, sent: Submit) -> Reply:
    """The form was sent: one handoff, however often it is sent."""
    entered = sent.values
    draft = Draft(
        title=entered.get(Field.TITLE) or "",
        queue=entered.get(Field.QUEUE) or "",
        next_step=entered.get(Field.NEXT_STEP) or "",
        note=typed.named(desk, entered.get(Field.NOTE) or Text()),
        priority=Priority(entered.get(Field.PRIORITY) or Priority.NORMAL),
        person=entered.get(Field.PERSON),
        link=entered.get(Field.LINK),
        needed_by=entered.get(Field.NEEDED_BY),
        source=_source(sent.meta),
    )
    outcome = open_handoff(desk.baton, workspace=desk.workspace, user=sent.who.user, draft=draft, form=sent.view_id)
    match outcome:
        case Invalid(problems=found):
            return Mend(problems={field: problems.sentence(problem) for field, problem in found.items()})
        case Repeated(same=False, handoff=handoff):
            return _stored_before(desk, sent, handoff.id)
        case _:
            return Finished()


def suggest(desk: Desk, asked: Typing) -> Reply:
    """Teams whose name contains what is typed."""
    if asked.field != Field.QUEUE:
        return Choices()
    found = find_queues(desk.baton, workspace=desk.workspace, text=asked.text, limit=SELECTABLE)
    return Choices(options=forms.queue_options(found))


def _stored_before(desk: Desk, sent: Submit, handoff_id: str) -> Reply:
    """The same form came with other answers: show what is stored, and offer to add the rest as a note."""
    seen = look_up(desk.baton, workspace=desk.workspace, handoff_id=handoff_id, user=sent.who.user)
    if isinstance(seen, Missing):
        return Redraw(view=forms.message_view("Handoff", refusals.GONE))
    return Redraw(view=forms.stored_before(seen.picture, seen.now))


def _source(meta: Mapping[str, Any]) -> Source | None:
    found = meta.get("source")
    if not isinstance(found, Mapping) or not {"channel", "ts"} <= found.keys():
        return None
    return Source(
        channel=found["channel"],
        ts=found["ts"],
        thread_ts=found.get("thread_ts"),
        permalink=found.get("permalink"),
        author=found.get("author"),
    )


FORMS: Final[Mapping[str, Callable[[Desk, Submit], Reply]]] = {ids.action(Verb.OPEN): opened}
SHORTCUTS: Final[Mapping[str, Callable[[Desk, Chosen], Reply]]] = {
    Shortcut.OPEN: anywhere,
    Shortcut.FROM_MESSAGE: from_message,
}
