"""Open the form from a message, with its thread."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final

from slack_sdk import WebClient

from slackapp.forms.actions import forget_draft, refill_draft
from slackapp.forms.listeners import duplicates, open_form, pages
from slackapp.forms.listeners.duplicates import DuplicateWarning
from slackapp.forms.listeners.read_thread import NOT_SEEN, read_thread
from slackapp.forms.model import Prefilled
from slackapp.forms.queries.prefill import local_day, may_read_thread, prefill
from slackapp.forms.rules.first_values import changed_values
from slackapp.forms.rules.starting_point import File, QuotedMessage, StartingPoint, starting_point_json
from slackapp.forms.views.advice import NOT_ALLOWED, channel_not_seen, thread_not_read, thread_partly_read
from slackapp.forms.views.pages import TITLE
from slackapp.slack import message_text, payloads
from slackapp.slack.block_kit.blocks import Block
from slackapp.slack.conversation import Context, OpenModal, Reply, View
from slackapp.slack.ids import Shortcut
from slackapp.slack.payloads import ShortcutUse, SourceMessage, message_source
from storage.handoffs.model import Text

_FILES: Final = 10


def starting_point_of_message(context: Context, message: SourceMessage, user: str) -> StartingPoint:
    """Return a message as a starting point; `user` is who hands it off."""
    return StartingPoint(
        message=_quoted_message(context, message, user),
        note=_note([message_text.quote_as_note(message_text.read_message(context, message))]),
    )


def with_thread_messages(
    context: Context, start: StartingPoint, message: SourceMessage, thread: Sequence[SourceMessage], user: str
) -> StartingPoint:
    """Return a starting point with the messages read of its thread; its note quotes the root too."""
    said = [start.message if one.ts == message.ts else _quoted_message(context, one, user) for one in thread]
    quoted = [one for one in thread[:1] if one.ts != message.ts] + [message]
    note = _note([message_text.quote_as_note(message_text.read_message(context, one)) for one in quoted])
    return replace(start, thread=tuple(one for one in said if one), note=note)


def _quoted_message(context: Context, message: SourceMessage, user: str) -> QuotedMessage:
    said, at = message_text.read_message(context, message), datetime.fromtimestamp(float(message.ts), UTC)
    return QuotedMessage(
        words=said.words,
        title=said.title,
        author=message.author,
        author_name=said.author,
        permalink=message_source(message, context.team_url).permalink or "",
        at=at.isoformat(),
        on=local_day(context.baton, workspace=context.workspace, user=user, instant=at).isoformat(),
        links=message_text.list_links(message),
        files=tuple(_file(found) for found in message.files[:_FILES]),
    )


def _file(found: Mapping[str, Any]) -> File:
    """Return a file of a message; in a shared channel Slack may tell nothing but its id."""
    name = str(found.get("title") or found.get("name") or "a file")
    return File(id=str(found.get("id") or ""), name=name, permalink=str(found.get("permalink") or ""))


def _note(notes: Sequence[Text]) -> dict[str, Any]:
    note = message_text.join_notes(notes)
    return {"plain": note.plain, "rich": note.rich}


@dataclass(frozen=True, kw_only=True)
class _OpenedForm:
    """A form that was opened from a message, with its first values."""

    context: Context
    user: str
    message: SourceMessage
    root: str | None
    """The ts of the thread to read; None if there is none, or it may not be read."""
    start: StartingPoint
    first: Prefilled
    warning: DuplicateWarning
    view: View


def from_message(context: Context, chosen: ShortcutUse) -> Reply:
    """Open the form from the message shortcut: with a quote, its author and address, and its thread if readable."""
    message, user = chosen.message, chosen.who.user
    if message is None:
        return open_form.new_form(context, user)
    source = message_source(message, context.team_url)
    start = starting_point_of_message(context, message, user)
    first = first_values_of(context, user, start)
    warning = duplicates.warning_at_opening(context, user, start.address, source)
    form = open_form.new_form(context, user, first, source, start=start, warning=warning)
    may_read = may_read_thread(context.baton, workspace=context.workspace, channel=message.channel)
    opened_form = _OpenedForm(
        context=context,
        user=user,
        message=message,
        root=message.root if may_read else None,
        start=start,
        first=first,
        warning=warning,
        view=form.view,
    )
    view = form.view if may_read or message.root is None else _below(form.view, thread_not_read(NOT_ALLOWED))
    return OpenModal(view=view, on_opened=form.on_opened, load_later=partial(_fill_from_thread, opened_form))


def _fill_from_thread(opened_form: _OpenedForm, client: WebClient, opened: View) -> View | None:
    """Return the form with values from its thread; None if there are none, or it was sent meanwhile.

    Whoever does not see the channel any more, because they use a form that did not open before, gets no form.
    """
    context, user, message = opened_form.context, opened_form.user, opened_form.message
    thread = read_thread(context, client, user, message.channel, opened_form.root)
    if thread == NOT_SEEN:
        forget_draft(context.baton, workspace=context.workspace, user=user, draft_id=opened["id"])
        return channel_not_seen()
    if opened_form.root is None:
        return None
    if isinstance(thread, str):
        return _below(opened_form.view, thread_not_read(thread))
    whole = with_thread_messages(context, opened_form.start, message, thread.messages, user)
    found = changed_values(opened_form.first, first_values_of(context, user, whole))
    kept = refill_draft(
        context.baton,
        workspace=context.workspace,
        user=user,
        draft_id=opened["id"],
        before=opened_form.first,
        found=found,
        beginning=starting_point_json(whole),
    )
    part = [thread_partly_read(len(thread.messages))] if thread.more else []
    if not kept or not (found.values or part):
        return None
    sheet = payloads.parse_submit({"view": opened, "user": {"id": user}})
    view = pages.redraw_first_page(context, sheet)
    return {**view, "blocks": [*opened_form.warning.blocks, *view["blocks"], *part]}


def first_values_of(context: Context, user: str, start: StartingPoint) -> Prefilled:
    """Return the form's first values for a starting point."""
    return prefill(context.baton, workspace=context.workspace, user=user, start=start)


def _below(view: View, line: Block) -> View:
    return {**view, "blocks": [*view["blocks"], line]}


SHORTCUTS: Final[Mapping[str, Callable[[Context, ShortcutUse], Reply]]] = {Shortcut.FROM_MESSAGE: from_message}
OPENS: Final[Mapping[str, str]] = {Shortcut.FROM_MESSAGE: TITLE}
