"""Begin a handoff with a message that Baton was told of by an event: a mention in its thread, or an emoji on it.

An event opens no form, so the person gets a private message with a button that does. The form comes when Slack has told
what the message and its thread say, and that the person still sees the channel.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from slack_sdk import WebClient

from slackapp.forms.listeners import duplicates, open_form, start_form
from slackapp.forms.listeners.read_thread import NOT_SEEN, Thread, read_thread
from slackapp.forms.model import Begun
from slackapp.forms.queries.begun import begun_with
from slackapp.forms.rules.starting_point import StartingPoint
from slackapp.forms.views import begin
from slackapp.forms.views.advice import channel_not_seen, thread_not_read, thread_partly_read
from slackapp.forms.views.pages import TITLE
from slackapp.handoffs.model import Missing
from slackapp.handoffs.queries.find import find_by_message, find_handoff
from slackapp.handoffs.views.details import show_all
from slackapp.slack import ids
from slackapp.slack.block_kit.blocks import Block
from slackapp.slack.block_kit.modals import loading, message_view
from slackapp.slack.conversation import UNKNOWN_ID, Context, OpenModal, PrivateMessage, Reply, View, tell
from slackapp.slack.payloads import AddressedMessage, Click, SourceMessage, message_source


def with_offer(context: Context, said: AddressedMessage, reply: Reply) -> Reply:
    """Return the reply to a mention, with the offer to hand off its thread, or with the handoff that it has become.

    In the thread of a card nothing is added.
    """
    if said.thread_ts is None or not isinstance(reply, PrivateMessage):
        return reply
    ours = find_by_message(context.baton, workspace=context.workspace, channel=said.channel, ts=said.thread_ts)
    if ours:
        return reply
    begun = _begun(context, said.who.user, said.channel, said.thread_ts)
    if begun is not None:
        return PrivateMessage(post=begin.thread_begun(begun, reply.post))
    return PrivateMessage(post=begin.thread_offer(said.channel, said.thread_ts, reply.post))


def open_from_message(context: Context, click: Click) -> Reply:
    """Open the form for the message that the button names, once Slack has told what it says and that they see it.

    A message that has become a handoff meanwhile is not handed off again: the handoff is shown.
    """
    if click.target is None or click.target.action is None:
        return tell(UNKNOWN_ID)
    begun = _begun(context, click.who.user, click.target.action, click.target.handoff_id)
    if begun is not None:
        return _show(context, begun)
    message = _Message(context=context, user=click.who.user, channel=click.target.action, ts=click.target.handoff_id)
    return OpenModal(view=loading(TITLE), load_later=partial(_load, message))


def _begun(context: Context, user: str, channel: str, ts: str) -> Begun | None:
    return begun_with(context.baton, workspace=context.workspace, channel=channel, ts=ts, user=user)


def _show(context: Context, begun: Begun) -> Reply:
    """Open the details of the handoff that a message has become, or say that there is one."""
    user = begun.reader
    seen = find_handoff(
        context.baton, workspace=context.workspace, handoff_id=begun.handoff_id, user=user, history=True
    )
    if isinstance(seen, Missing) or not seen.visible:
        return OpenModal(view=message_view(TITLE, begin.told(begun, "this message")))
    return OpenModal(view=show_all(seen.details, seen.may, seen.now, 0, reader=user))


@dataclass(frozen=True, kw_only=True)
class _Message:
    """A message that somebody begins a handoff with."""

    context: Context
    user: str
    channel: str
    ts: str


def _load(wanted: _Message, client: WebClient, opened: View) -> View:
    """Return the form with values from the message and its thread, or what the person is told instead."""
    context, user = wanted.context, wanted.user
    thread = read_thread(context, client, user, wanted.channel, wanted.ts)
    if thread == NOT_SEEN:
        return channel_not_seen()
    read = () if isinstance(thread, str) else thread.messages
    message = next((one for one in read if one.ts == wanted.ts), None)
    source = message_source(message or _unread(wanted.channel, wanted.ts), context.team_url)
    start, first = StartingPoint(link=source.permalink), open_form.NO_VALUES
    if message is not None:
        start = start_form.starting_point_of_message(context, message, user)
        start = start_form.with_thread_messages(context, start, message, read, user)
        first = start_form.first_values_of(context, user, start)
    warning = duplicates.warning_at_opening(context, user, source.permalink, source)
    form = open_form.new_form(context, user, first, source, start=start, warning=warning)
    if form.on_opened is not None:
        form.on_opened(opened["id"])
    return {**form.view, "blocks": [*form.view["blocks"], *_not_read(thread, message)]}


def _unread(channel: str, ts: str) -> SourceMessage:
    return SourceMessage(channel=channel, ts=ts, thread_ts=None, text="", blocks=(), author=None, author_name=None)


def _not_read(thread: Thread | str, message: SourceMessage | None) -> list[Block]:
    """The line about what was not read of the thread, if anything."""
    if isinstance(thread, str):
        return [thread_not_read(thread)]
    if message is None:
        return [thread_not_read("message_not_found")]
    return [thread_partly_read(len(thread.messages))] if thread.more else []


CLICKS: Final[Mapping[str, Callable[[Context, Click], Reply]]] = {ids.FORM_BEGIN: open_from_message}
OPENS: Final[Mapping[str, str]] = {ids.FORM_BEGIN: TITLE}
