"""Bolt listeners, one per kind of payload, that look up the conversation for a payload's id and send its reply.

Every listener parses the payload, admits the person, runs the conversation (which commits) and then acknowledges. The
only calls to Slack are `views.open` and `views.push`, whose trigger expires after three seconds; everything else is
sent by the threads for private replies or the outbox.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, TypeVar

import structlog
from slack_bolt import Ack, App, BoltContext, BoltResponse
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from slackapp.capability import Capability
from slackapp.dispatch import admission
from slackapp.dispatch.commands import Commands
from slackapp.handoffs.listeners import buttons, thread_replies
from slackapp.runtime.baton import Baton
from slackapp.slack import conversation, field_problems, ids, payloads
from slackapp.slack.block_kit import modals
from slackapp.slack.conversation import (
    UNKNOWN_ID,
    CloseModals,
    Context,
    FieldErrors,
    NoReply,
    OpenModal,
    OptionList,
    PrivateMessage,
    PrivateReplies,
    Reply,
    UpdateModal,
    UpdateModalBelow,
    tell,
)
from slackapp.slack.message_text import get_names
from storage.db import receipts
from storage.db.errors import DatabaseBusy, DatabaseUnavailable

_ANY: Final = re.compile(".*")
TITLE: Final = "Baton"


@dataclass(frozen=True, kw_only=True)
class Listeners:
    """Bolt listeners for every kind of payload."""

    baton: Baton
    answers: PrivateReplies
    team_url: str
    channels: thread_replies.QueueChannels
    registers: Capability
    """The rows of all capabilities together."""

    def register(self, app: App) -> None:
        """Add the listeners to a Bolt app."""
        app.command(ids.COMMAND)(self.command)
        app.shortcut(_ANY)(self.shortcut)
        app.action(_ANY)(self.click)
        app.view_submission(_ANY)(self.submit)
        app.view_closed(_ANY)(self.closed)
        app.options(_ANY)(self.typing)
        app.event(_ANY)(self.event)

    def command(self, ack: Ack, body: dict[str, Any], client: WebClient, context: BoltContext) -> None:
        """Handle a slash command; the reply is in the acknowledgement and private."""
        said = payloads.parse_command(body)
        commands = Commands(words=self.registers.words)
        reply = self._reply(context, said.who, lambda given: commands.answer(given, said), kind="command")
        match reply:
            case PrivateMessage(post=post):
                ack(text=post.text, blocks=post.blocks)
            case OpenModal(view=view, on_opened=shown):
                ack(open_modal(lambda: client.views_open(trigger_id=said.trigger_id, view=view), shown))
            case _:
                ack()

    def shortcut(self, ack: Ack, body: dict[str, Any], client: WebClient, context: BoltContext) -> None:
        """Handle a shortcut. A global one has no response_url, so a private message is shown as a small modal."""
        chosen = payloads.parse_shortcut(body)
        talk = self.registers.shortcuts.get(chosen.shortcut, _unknown_id)
        reply = self._reply(context, chosen.who, lambda given: talk(given, chosen), kind=chosen.shortcut)
        match reply:
            case PrivateMessage(post=post) if chosen.response_url:
                self.answers.ephemeral(chosen.response_url, post.text, post.blocks)
            case PrivateMessage(post=post):
                self._open(client.views_open, chosen, modals.message_view(TITLE, post.text))
            case OpenModal(view=view, on_opened=shown, load_later=later):
                answer = self._open(client.views_open, chosen, view, shown)
                if answer is not None and later is not None:
                    self._load_later(client, answer, later)
        ack()

    def click(self, ack: Ack, body: dict[str, Any], client: WebClient, context: BoltContext) -> None:
        """Handle a button or menu, on a message or in a modal."""
        click = payloads.parse_click(body)
        talk = self.registers.clicks.get(click.action, buttons.redraw_unknown)
        reply = self._reply(context, click.who, lambda given: talk(given, click), kind=click.action)
        reply = self._update_below(client, click.view_id, reply)
        match reply:
            case PrivateMessage(post=post) if click.view_id:
                self._open(client.views_push, click, modals.message_view(TITLE, post.text))
            case PrivateMessage(post=post) if click.response_url:
                self.answers.ephemeral(click.response_url, post.text, post.blocks)
            case OpenModal(view=view, on_opened=shown, if_not_opened=lost):
                self._open(client.views_push if click.view_id else client.views_open, click, view, shown, lost=lost)
            case UpdateModal(view=view) if click.view_id:
                self.answers.update_view(client, click.view_id, click.view_hash, view)
        ack()

    def submit(self, ack: Ack, body: dict[str, Any], client: WebClient, context: BoltContext) -> None:
        """Handle a submitted form, which stays open until its values are stored."""
        sent = payloads.parse_submit(body)
        talk = self.registers.forms.get(sent.form, _unknown_id)
        reply = self._reply(context, sent.who, lambda given: talk(given, sent), kind=sent.form)
        match self._update_below(client, sent.below, reply):
            case FieldErrors(problems=problems):
                ack(response_action="errors", errors=self._field_errors(context, sent, problems))
            case PrivateMessage(post=post) if not sent.blocks:  # no field to say it at: above the form, which stays
                ack(response_action="push", view=modals.message_view(TITLE, post.text))
            case PrivateMessage(post=post):
                ack(response_action="errors", errors=self._field_errors(context, sent, {"": post.text}))
            case UpdateModal(view=view):
                ack(response_action="update", view=view)
            case CloseModals():
                ack(response_action="clear")
            case _:
                ack()

    def closed(self, ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
        """Handle a form that was closed without being submitted; there is no reply."""
        closed = payloads.parse_submit(body)
        keep = self.registers.closed.get(closed.form)

        def run(given: Context) -> Reply:
            if keep is not None:
                keep(given, closed)
            return NoReply()

        self._reply(context, closed.who, run, kind="closed")
        ack()

    def typing(self, ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
        """Return the options for what a person types into a select."""
        typed = payloads.parse_option_search(body)
        search = self.registers.choices.get(typed.field, _no_choices)
        reply = self._reply(context, typed.who, lambda given: search(given, typed), kind="options")
        ack(options=list(reply.options) if isinstance(reply, OptionList) else [])

    def event(self, ack: Ack, body: dict[str, Any], context: BoltContext) -> BoltResponse:
        """Handle an Events API event. If it cannot be stored it gets a 503, so that Slack sends it again.

        Message events get no receipt, because there are too many of them; handling one twice does no harm.
        """
        happened = payloads.parse_event(body)
        workspace = self._context(context).workspace

        def handle() -> BoltResponse:
            if happened.type == thread_replies.EVENT:
                thread_replies.handle_message(self.baton, self.channels, workspace, happened.body)
            elif not is_event_handled(self.baton, workspace, happened.id):
                handler = event_handler(self.registers, happened.type)
                handler(self.baton, workspace, happened.body)
                mark_event_handled(self.baton, workspace, happened.id)
            return ack()

        with self.baton.db.time_limit():
            return run_or_apologise(handle, lambda _: BoltResponse(status=503), kind=happened.type)

    def _update_below(self, client: WebClient, view_id: str | None, reply: Reply) -> Reply:
        """Update the modal below the current one if the reply asks for that; return the remaining reply."""
        if not isinstance(reply, UpdateModalBelow):
            return reply
        if view_id:
            self.answers.update_view(client, view_id, None, reply.below)
        return reply.reply

    def _open(
        self,
        open_view: Callable[..., SlackResponse],
        asked: payloads.Click | payloads.ShortcutUse,
        view: dict[str, Any],
        shown: Callable[[str], None] | None = None,
        *,
        lost: str = "",
    ) -> dict[str, Any] | None:
        """Open a modal and return its view; if Slack does not open it, send a private message instead."""
        opened: list[dict[str, Any]] = []

        def open_and_keep() -> SlackResponse:
            answer = open_view(trigger_id=asked.trigger_id, view=view)
            opened.append(answer["view"])
            return answer

        apology = open_modal(open_and_keep, shown)
        if apology and asked.response_url:
            self.answers.ephemeral(asked.response_url, lost or apology)
        return next(iter(opened), None)

    def _load_later(
        self,
        client: WebClient,
        opened: dict[str, Any],
        later: Callable[[WebClient, dict[str, Any]], dict[str, Any] | None],
    ) -> None:
        """Update an open modal, in another thread, with what takes longer to find out."""
        self.answers.fill_view(client, opened["id"], opened.get("hash"), lambda: later(client, opened))

    def _field_errors(self, context: BoltContext, sent: payloads.Submit, problems: Mapping[str, str]) -> dict[str, str]:
        """Return sentences by block_id; one for a field that is not in this form goes to the first field."""
        first = next(iter(sent.blocks.values()))
        users = {user for text in problems.values() for user in field_problems.mentioned_in(text)}
        workspace = self._context(context).workspace
        names = run_or_apologise(
            lambda: get_names(self.baton, workspace=workspace, mentioned=users) if users else {},
            lambda _sentence: {},  # mentions stay ids: better than no sentence
            kind="names",
        )
        return {
            sent.blocks.get(name, first): field_problems.plain_sentence(text, names) for name, text in problems.items()
        }

    def _reply(
        self, context: BoltContext, who: payloads.Requester, talk: Callable[[Context], Reply], *, kind: str
    ) -> Reply:
        """Return the reply of a row of the registers; the person is admitted first. Every listener passes here."""
        given = self._context(context)

        def admitted() -> Reply:
            refused = admission.refusal(given, who)
            return tell(refused) if refused else talk(given)

        with self.baton.db.time_limit():
            return run_or_apologise(admitted, tell, kind=kind, user=who.user)

    def _context(self, bolt_context: BoltContext) -> Context:
        installation = bolt_context["authorize_result"]
        return Context(
            baton=self.baton,
            workspace=installation.team_id,
            enterprise=installation.enterprise_id,
            team_url=self.team_url,
        )


def event_handler(registers: Capability, event_type: str) -> Callable[[Baton, str, payloads.Payload], object]:
    """Return the registered handler for a type of event, or one that does nothing."""
    return registers.events.get(event_type, _ignore_event)


def _no_choices(_context: Context, _typed: payloads.OptionSearch) -> OptionList:
    """Return no options: the select is not in the registers."""
    return OptionList()


def _ignore_event(_baton: Baton, _workspace: str, _event: payloads.Payload) -> None:
    """Do nothing: the type of event is not in the registers."""


def _unknown_id(_context: Context, _what: object) -> Reply:
    """Return the apology for an id that is not in the registers, of an older or a newer version."""
    return tell(UNKNOWN_ID)


T = TypeVar("T")

NOT_OPENED: Final = "Slack closed the form before it was there, so nothing was changed. Please try again."
"""A trigger_id expires after three seconds and opens one modal."""

_log = structlog.get_logger(__name__)


def run_or_apologise(work: Callable[[], T], apologise: Callable[[str], T], **about: str) -> T:
    """Return what `work` returns, or on any exception what `apologise` returns for a sentence that says what to do.

    `about` names the payload in the log (its kind and id, never typed text).
    """
    try:
        return work()
    except (DatabaseBusy, DatabaseUnavailable) as trouble:
        _log.warning("database_away", trouble=type(trouble).__name__, **about)
        return apologise(conversation.BUSY)
    except Exception:  # noqa: BLE001 - the only place that catches everything: the person gets an answer
        reference = secrets.token_hex(3)
        _log.exception("unexpected", reference=reference, **about)
        return apologise(conversation.unexpected_error(reference))


def open_modal(open_view: Callable[[], SlackResponse], then: Callable[[str], None] | None = None) -> str:
    """Open a modal by `open_view`. Return an apology if Slack refused, else an empty string.

    `then` is called with the view's id. If it fails the modal stays open.
    """
    try:
        opened = open_view()
    except SlackApiError as error:
        _log.warning("form_not_shown", error=error.response.get("error"))
        return NOT_OPENED
    except OSError as error:
        _log.warning("form_not_shown", error=str(error))
        return NOT_OPENED
    if then is not None:
        run_or_apologise(partial(then, opened["view"]["id"]), lambda _: None, kind="shown")
    return ""


def is_event_handled(baton: Baton, workspace: str, event_id: str) -> bool:
    """Return whether an event with this id was handled before."""
    with baton.db.reading() as tx:
        return receipts.get(tx, workspace, _key(event_id)) is not None


def mark_event_handled(baton: Baton, workspace: str, event_id: str) -> None:
    """Store that an event with this id was handled."""
    now = baton.clock.now()
    baton.db.run_transaction(lambda tx: receipts.take_or_get(tx, workspace, _key(event_id), now))


def _key(event_id: str) -> str:
    return f"event:{event_id}"
