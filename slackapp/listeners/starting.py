"""The form, opened with something to start from: a message or a link. As little as possible is typed twice."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from slack_sdk import WebClient

from slackapp.capability import Word
from slackapp.listeners import beginnings, duplicates, form_walk, opening, threads
from slackapp.listeners.duplicates import There
from slackapp.policy.beginnings import Beginning, content
from slackapp.policy.prefill import added
from slackapp.policy.walk import Prefilled
from slackapp.slack import payloads
from slackapp.slack.block_kit.blocks import Block
from slackapp.slack.conversation import Context, Reply, Show, View
from slackapp.slack.ids import Shortcut
from slackapp.slack.payloads import Chosen, Command, Quoted, source_of
from slackapp.usecases import drafts
from slackapp.usecases.prefill import prefill
from slackapp.usecases.threads import may_read_thread
from slackapp.views.threads import NOT_ALLOWED, not_read, read_in_part


@dataclass(frozen=True, kw_only=True)
class _Begun:
    """A form that was opened on a message: on which, by whom, with what."""

    desk: Context
    user: str
    message: Quoted
    start: Beginning
    first: Prefilled
    there: There
    view: View


def from_link(desk: Context, said: Command, start: Beginning) -> Reply:
    """`/handoff https://…`: the link, and what the last handoff of its record said."""
    user = said.who.user
    there = duplicates.at_opening(desk, user, start.address, None)
    return opening.form(desk, user, _first_values(desk, user, start), start=start, there=there)


def from_message(desk: Context, chosen: Chosen) -> Reply:
    """The message shortcut: its words quoted, its author and address kept, and its thread read if that is allowed."""
    message, user = chosen.message, chosen.who.user
    if message is None:
        return opening.form(desk, user)
    source = source_of(message, desk.team_url)
    start = beginnings.of_message(desk, message, user)
    first = _first_values(desk, user, start)
    there = duplicates.at_opening(desk, user, start.address, source)
    form = opening.form(desk, user, first, source, start=start, there=there)
    if message.root is None:
        return form
    if not may_read_thread(desk.baton, workspace=desk.workspace, channel=message.channel):
        return Show(view=_below(form.view, not_read(NOT_ALLOWED)), shown=form.shown)
    begun = _Begun(desk=desk, user=user, message=message, start=start, first=first, there=there, view=form.view)
    return Show(view=form.view, shown=form.shown, later=partial(_with_thread, begun))


def _with_thread(begun: _Begun, client: WebClient, opened: View) -> View | None:
    """The form with what its thread adds; None where that is nothing, or its author has gone on meanwhile."""
    desk, user, message = begun.desk, begun.user, begun.message
    thread = threads.read(client, message.channel, message.root or message.ts)
    if isinstance(thread, str):
        return _below(begun.view, not_read(thread))
    whole = beginnings.with_thread(desk, begun.start, message, thread.messages, user)
    found = added(begun.first, _first_values(desk, user, whole))
    kept = drafts.refill(
        desk.baton,
        workspace=desk.workspace,
        user=user,
        draft_id=opened["id"],
        before=begun.first,
        found=found,
        beginning=content(whole),
    )
    part = [read_in_part(len(thread.messages))] if thread.more else []
    if not kept or not (found.values or part):
        return None
    sheet = payloads.submit({"view": opened, "user": {"id": user}})
    view = form_walk.found_out(desk, sheet)
    return {**view, "blocks": [*begun.there.blocks, *view["blocks"], *part]}


def _first_values(desk: Context, user: str, start: Beginning) -> Prefilled:
    return prefill(desk.baton, workspace=desk.workspace, user=user, start=start)


def _below(view: View, line: Block) -> View:
    return {**view, "blocks": [*view["blocks"], line]}


SHORTCUTS: Final[Mapping[str, Callable[[Context, Chosen], Reply]]] = {Shortcut.FROM_MESSAGE: from_message}
WORDS: Final[Mapping[str, Word[Any]]] = {
    "https://…": Word(
        talk=from_link,
        reads=beginnings.of_link,
        is_example=True,
        usage="`{command} https://…` opens it for a record, a ticket or a message, with what is known of it",
    ),
}
