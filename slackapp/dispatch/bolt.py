"""Bolt listeners, one per kind of payload, that look up the conversation for a payload's id and send its reply.

Every listener parses the payload, admits the person, runs the conversation (which commits) and then acknowledges. It
calls nothing in Slack, and waits for the database for two seconds at most: `Openings` opens views, and everything else
is sent by the threads for private replies or the outbox.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import structlog
from slack_bolt import Ack, App, BoltContext, BoltResponse
from slack_bolt.error import BoltUnhandledRequestError
from slack_sdk import WebClient

from slackapp.capability import Capability
from slackapp.dispatch import admission
from slackapp.dispatch.conversations import Conversation, Conversations
from slackapp.dispatch.failures import run_or_apologise, unexpected
from slackapp.dispatch.openings import Asked, Openings
from slackapp.forms.listeners import reactions
from slackapp.handoffs.listeners import thread_replies
from slackapp.runtime.baton import Baton
from slackapp.slack import field_problems, ids, payloads
from slackapp.slack.block_kit import modals
from slackapp.slack.connection.bolt_door import refuse_malformed
from slackapp.slack.connection.installation import Installation
from slackapp.slack.conversation import (
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
from slackapp.slack.inbound import MalformedPayload
from slackapp.slack.message_text import get_names
from storage.db import receipts
from storage.db.database import LISTENER_WAIT_S
from storage.db.errors import DatabaseBusy, DatabaseUnavailable

_log = structlog.get_logger(__name__)
_ANY: Final = re.compile(".*", re.DOTALL)
_UNREADABLE: Final = (AttributeError, LookupError, TypeError, ValueError, OverflowError, RecursionError)
"""Errors that a payload can cause in those who read it."""
_PARSED: Final = "parsed"
"""Set in Bolt's context once a payload has been parsed."""
TITLE: Final = "Baton"
SLOW_AFTER_S: Final = 0.5
"""Seconds of waiting for the database after which a modal is opened empty: people see it within one."""


@dataclass(frozen=True, kw_only=True)
class SlowModal:
    """A modal whose data was not read in time: `load` reads it, and may be called again."""

    load: Callable[[], Reply]


@dataclass(frozen=True, kw_only=True)
class Listeners:
    """Bolt listeners for every kind of payload."""

    baton: Baton
    answers: PrivateReplies
    openings: Openings
    installation: Installation
    channels: thread_replies.QueueChannels
    registers: Capability
    """The rows of all capabilities together."""

    @property
    def _conversations(self) -> Conversations:
        return Conversations(registers=self.registers)

    def register(self, app: App) -> None:
        """Add the listeners to a Bolt app."""
        app.command(ids.COMMAND)(self.command)
        app.shortcut(_ANY)(self.shortcut)
        app.action(_ANY)(self.click)
        app.view_submission(_ANY)(self.submit)
        app.view_closed(_ANY)(self.closed)
        app.options(_ANY)(self.typing)
        app.event(_ANY)(self.event)
        app.error(self.failed)

    def command(self, ack: Ack, body: dict[str, Any], client: WebClient, context: BoltContext) -> None:
        """Handle a slash command; the reply is in the acknowledgement and private."""
        said = payloads.parse_command(body)
        talk = self._conversations.about_command(said)
        match self._reply(context, said.who, talk):
            case PrivateMessage(post=post):
                ack(text=post.text, blocks=post.blocks)
                return
            case reply:
                self._show(client, self._asked(context, said, talk, body), reply)
        ack()

    def shortcut(self, ack: Ack, body: dict[str, Any], client: WebClient, context: BoltContext) -> None:
        """Handle a shortcut. A global one has no response_url, so a private message is shown as a small modal."""
        chosen = payloads.parse_shortcut(body)
        talk = self._conversations.about_shortcut(chosen)
        match self._reply(context, chosen.who, talk):
            case PrivateMessage(post=post) if chosen.response_url:
                self.answers.ephemeral(chosen.response_url, post.text, post.blocks)
            case reply:
                self._show(client, self._asked(context, chosen, talk, body), reply)
        ack()

    def click(self, ack: Ack, body: dict[str, Any], client: WebClient, context: BoltContext) -> None:
        """Handle a button or menu, on a message or in a modal."""
        click = payloads.parse_click(body)
        talk = self._conversations.about_click(click)
        reply = self._reply(context, click.who, talk, below=(client, click.view_id))
        match reply:
            case PrivateMessage(post=post) if click.response_url and not click.view_id:
                self.answers.ephemeral(click.response_url, post.text, post.blocks)
            case UpdateModal(load_later=load) if click.view_id and load is not None:
                self.openings.load(client, self._asked(context, click, talk, body), click.view_id, reply)
            case UpdateModal(view=view) if click.view_id:
                self.answers.update_view(client, click.view_id, click.view_hash, view)
            case UpdateModal() | NoReply():
                pass
            case _:
                asked = self._asked(context, click, talk, body)
                in_modal = replace(asked, method="views.push") if click.view_id else asked
                self._show(client, replace(in_modal, withdraws=_is_used_up(click)), reply)
        ack()

    def submit(self, ack: Ack, body: dict[str, Any], client: WebClient, context: BoltContext) -> None:
        """Handle a submitted form, which stays open until its values are stored."""
        with self.baton.db.time_limit():
            self._submit(ack, payloads.parse_submit(body), client, context)

    def _submit(self, ack: Ack, sent: payloads.Submit, client: WebClient, context: BoltContext) -> None:
        talk = self._conversations.about_form(sent)
        match self._reply(context, sent.who, talk, below=(client, sent.below)):
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
        self._reply(context, closed.who, self._conversations.about_closed_form(closed))
        ack()

    def typing(self, ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
        """Return the options for what a person types into a select."""
        typed = payloads.parse_option_search(body)
        reply = self._reply(context, typed.who, self._conversations.about_search(typed))
        ack(options=list(reply.options) if isinstance(reply, OptionList) else [])

    def event(self, ack: Ack, body: dict[str, Any], client: WebClient, context: BoltContext) -> BoltResponse:
        """Handle an Events API event. If it cannot be stored it gets a 503, so that Slack sends it again.

        Messages in channels and reactions get no receipt, because there are too many; handling one twice does no harm.
        """
        happened = payloads.parse_event(body)
        given = self._context(context)
        workspace = given.workspace
        if not payloads.is_sent_to(body, workspace, given.enterprise):
            _log.warning("event ignored", type=happened.type, why="it is about another workspace")
            return ack()

        addressed = payloads.parse_addressed(happened.body)

        told_in_channel = self.registers.events.get(f"{happened.type}.{happened.body.get('subtype') or ''}")

        def handle() -> BoltResponse:
            if told_in_channel is not None and self.channels.has(workspace, str(happened.body.get("channel"))):
                told_in_channel(self.baton, workspace, happened.body)  # twice does no harm
            elif happened.type == thread_replies.EVENT and addressed is None:
                thread_replies.handle_message(self.baton, self.channels, workspace, happened.body)
            elif happened.type in reactions.EVENTS:
                reactions.handle_reaction(self.baton, workspace, happened.body)
            elif not is_event_handled(self.baton, workspace, happened.id):
                if addressed is not None:
                    self._answer(context, client, addressed)
                else:
                    handler = event_handler(self.registers, happened.type)
                    handler(self.baton, workspace, happened.body)
                mark_event_handled(self.baton, workspace, happened.id)
            return ack()

        with self.baton.db.time_limit():
            return run_or_apologise(handle, lambda _: BoltResponse(status=503), kind=happened.type)

    def _answer(self, context: BoltContext, client: WebClient, said: payloads.AddressedMessage) -> None:
        """Answer a person who wrote to Baton; only they see it."""
        reply = self._reply(context, said.who, self._conversations.about_message(said))
        if isinstance(reply, PrivateMessage):
            self.answers.message_in(client, said, reply.post.text, reply.post.blocks)

    def failed(self, error: Exception, context: BoltContext) -> BoltResponse:
        """Answer a payload that no listener could handle.

        Until a listener has parsed it, an error is the payload's fault; after that it is Baton's.
        """
        if isinstance(error, MalformedPayload):
            return refuse_malformed(error)
        unreadable = isinstance(error, _UNREADABLE) and not context.get(_PARSED)
        if unreadable or isinstance(error, BoltUnhandledRequestError):
            return refuse_malformed(MalformedPayload(f"nothing can be made of it: {type(error).__name__}"))
        unexpected(kind="listener")
        return BoltResponse(status=500)

    def _update_below(self, client: WebClient, view_id: str | None, reply: Reply) -> Reply:
        """Update the modal below the current one if the reply asks for that; return the remaining reply."""
        if not isinstance(reply, UpdateModalBelow):
            return reply
        if view_id:
            self.answers.update_view(client, view_id, None, reply.below)
        return reply.reply

    def _show(self, client: WebClient, asked: Asked, reply: Reply | SlowModal) -> None:
        """Open the modal of a reply, if it has one. Returns at once."""
        match reply:
            case SlowModal(load=load):
                self.openings.open_and_fill(client, asked, load)
            case OpenModal():
                self.openings.open(client, asked, reply)
            case PrivateMessage(post=post):
                self.openings.tell(asked, post.text)

    def _asked(
        self,
        context: BoltContext,
        what: payloads.Command | payloads.ShortcutUse | payloads.Click,
        talk: Conversation,
        body: payloads.Payload,
    ) -> Asked:
        return Asked(
            workspace=self._context(context).workspace,
            user=what.who.user,
            trigger_id=what.trigger_id,
            response_url=what.response_url,
            body=body,
            title=talk.opens or TITLE,
        )

    def _field_errors(self, context: BoltContext, sent: payloads.Submit, problems: Mapping[str, str]) -> dict[str, str]:
        """Return sentences by block_id; one for a field that is not in this form goes to the first field."""
        first = next(iter(sent.blocks.values()), None)
        if first is None:
            raise MalformedPayload("the form has no fields")
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
        self,
        context: BoltContext,
        who: payloads.Requester,
        talk: Conversation,
        *,
        below: tuple[WebClient, str | None] | None = None,
    ) -> Reply | SlowModal:
        """Return the reply of a row of the registers; the person is admitted first. Every listener passes here.

        A conversation that only opens a modal is not waited for if its data is slow.
        """
        given = self._context(context)

        def load() -> Reply:
            refused = admission.refusal(given, who)
            reply = tell(refused) if refused else talk.answer(given)
            return self._update_below(*below, reply) if below else reply

        def answer() -> Reply | SlowModal:
            try:
                return load()
            except (DatabaseBusy, DatabaseUnavailable):
                if not talk.opens:
                    raise
                return SlowModal(load=load)

        with self.baton.db.time_limit(SLOW_AFTER_S if talk.opens else LISTENER_WAIT_S):
            return run_or_apologise(answer, tell, kind=talk.kind, user=who.user)

    def _context(self, bolt_context: BoltContext) -> Context:
        """Return the context of a conversation, for a payload that has been parsed.

        What Bolt says about the workspace is not used: in some events it repeats what the payload says.
        """
        bolt_context[_PARSED] = True
        return Context(
            baton=self.baton,
            workspace=self.installation.workspace,
            enterprise=self.installation.authorized.enterprise_id,
            team_url=self.installation.url,
        )


def _is_used_up(click: payloads.Click) -> bool:
    """Return whether the message of a button goes once its modal is open."""
    return click.action == ids.AGAIN or (click.action == ids.FORM_BEGIN and click.is_ephemeral)


def event_handler(registers: Capability, event_type: str) -> Callable[[Baton, str, payloads.Payload], object]:
    """Return the registered handler for a type of event, or one that does nothing."""
    return registers.events.get(event_type, _ignore_event)


def _ignore_event(_baton: Baton, _workspace: str, _event: payloads.Payload) -> None:
    """Do nothing: the type of event is not in the registers."""


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
