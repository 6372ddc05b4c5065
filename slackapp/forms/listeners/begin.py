"""Begin a handoff with a message that Baton was told of by an event: a mention in its thread, or an emoji on it.

An event opens no form, so the person gets a private message with a button that does. The form opens at once, and what
the message and its thread say is filled in as soon as Slack has told it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from slack_sdk import WebClient

from slackapp.forms.actions import refill_draft
from slackapp.forms.listeners import duplicates, open_form, pages, start_form
from slackapp.forms.listeners.duplicates import DuplicateWarning
from slackapp.forms.queries.prefill import may_read_thread
from slackapp.forms.rules.first_values import changed_values
from slackapp.forms.rules.starting_point import StartingPoint, starting_point_json
from slackapp.forms.views import begin
from slackapp.forms.views.advice import NOT_ALLOWED, thread_not_read
from slackapp.forms.views.pages import TITLE
from slackapp.handoffs.queries.find import find_by_message
from slackapp.slack import ids, payloads
from slackapp.slack.conversation import UNKNOWN_ID, Context, OpenModal, PrivateMessage, Reply, View, tell
from slackapp.slack.payloads import AddressedMessage, Click, SourceMessage, message_source


def with_offer(context: Context, said: AddressedMessage, reply: Reply) -> Reply:
    """Return the reply to a mention, with the offer to hand off its thread, unless that is the thread of a card."""
    if said.thread_ts is None or not isinstance(reply, PrivateMessage):
        return reply
    ours = find_by_message(context.baton, workspace=context.workspace, channel=said.channel, ts=said.thread_ts)
    return reply if ours else PrivateMessage(post=begin.thread_offer(said.channel, said.thread_ts, reply.post))


@dataclass(frozen=True, kw_only=True)
class _OpenedForm:
    context: Context
    user: str
    channel: str
    ts: str
    warning: DuplicateWarning
    view: View


def open_from_message(context: Context, click: Click) -> Reply:
    """Open the form for the message that the button names, and fill it in when Slack has told what it says."""
    if click.target is None or click.target.action is None:
        return tell(UNKNOWN_ID)
    channel, ts, user = click.target.action, click.target.handoff_id, click.who.user
    source = message_source(_unread(channel, ts), context.team_url)
    warning = duplicates.warning_at_opening(context, user, source.permalink, source)
    form = open_form.new_form(context, user, source=source, start=StartingPoint(link=source.permalink), warning=warning)
    if not may_read_thread(context.baton, workspace=context.workspace, channel=channel):
        return OpenModal(view=_below(form.view, NOT_ALLOWED), on_opened=form.on_opened)
    opened_form = _OpenedForm(context=context, user=user, channel=channel, ts=ts, warning=warning, view=form.view)
    return OpenModal(view=form.view, on_opened=form.on_opened, load_later=partial(_fill, opened_form))


def _unread(channel: str, ts: str) -> SourceMessage:
    return SourceMessage(channel=channel, ts=ts, thread_ts=None, text="", blocks=(), author=None, author_name=None)


def _fill(form: _OpenedForm, client: WebClient, opened: View) -> View | None:
    """Return the form with values from the message and its thread; None if there are none, or it was sent meanwhile."""
    context, user = form.context, form.user
    thread = start_form.read_thread(client, form.channel, form.ts)
    if isinstance(thread, str):
        return _below(form.view, thread)
    message = next((one for one in thread.messages if one.ts == form.ts), None)
    if message is None:
        return _below(form.view, "message_not_found")
    start = start_form.starting_point_of_message(context, message, user)
    whole = start_form.with_thread_messages(context, start, message, thread.messages, user)
    found = changed_values(open_form.NO_VALUES, start_form.first_values_of(context, user, whole))
    kept = refill_draft(
        context.baton,
        workspace=context.workspace,
        user=user,
        draft_id=opened["id"],
        before=open_form.NO_VALUES,
        found=found,
        beginning=starting_point_json(whole),
    )
    if not kept or not found.values:
        return None
    sheet = payloads.parse_submit({"view": opened, "user": {"id": user}})
    view = pages.redraw_first_page(context, sheet)
    return {**view, "blocks": [*form.warning.blocks, *view["blocks"]]}


def _below(view: View, code: str) -> View:
    return {**view, "blocks": [*view["blocks"], thread_not_read(code)]}


CLICKS: Final[Mapping[str, Callable[[Context, Click], Reply]]] = {ids.FORM_BEGIN: open_from_message}
OPENS: Final[Mapping[str, str]] = {ids.FORM_BEGIN: TITLE}
