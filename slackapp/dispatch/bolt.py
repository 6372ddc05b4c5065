"""The front door: one Bolt listener per kind of payload, which finds its conversation in the registers by its id.

Every listener does the same: read the payload, turn outsiders away, have the conversation (which commits), acknowledge.
The only calls to Slack are `views.open` and `views.push`, whose trigger dies within three seconds; everything else goes
through the answers' own threads or the outbox.
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
from slackapp.dispatch.commands import Commands
from slackapp.handoffs.listeners import buttons, thread_replies
from slackapp.people.rules.permissions import is_outsider
from slackapp.runtime.baton import Baton
from slackapp.slack import conversation, field_problems, ids, payloads
from slackapp.slack.block_kit import modals
from slackapp.slack.conversation import (
    OUTSIDER,
    STRANGE,
    Context,
    FieldErrors,
    Finished,
    Nothing,
    OptionList,
    PrivateReplies,
    Redraw,
    Reply,
    Show,
    Tell,
    UpdateBelow,
    tell,
)
from slackapp.slack.message_text import names_of
from storage.db import receipts
from storage.db.errors import DatabaseBusy, DatabaseUnavailable

_ANY: Final = re.compile(".*")
TITLE: Final = "Baton"


@dataclass(frozen=True, kw_only=True)
class Front:
    """The listeners, with what they need to answer."""

    baton: Baton
    answers: PrivateReplies
    team_url: str
    channels: thread_replies.QueueChannels
    registers: Capability
    """The rows of all capabilities together."""

    def register(self, app: App) -> None:
        """Put the listeners into a Bolt app."""
        app.command(ids.COMMAND)(self.command)
        app.shortcut(_ANY)(self.shortcut)
        app.action(_ANY)(self.click)
        app.view_submission(_ANY)(self.submit)
        app.view_closed(_ANY)(self.closed)
        app.options(_ANY)(self.typing)
        app.event(_ANY)(self.event)

    def command(self, ack: Ack, body: dict[str, Any], client: WebClient, context: BoltContext) -> None:
        """A slash command; its answer travels in the acknowledgement and is seen by this person only."""
        said = payloads.command(body)
        commands = Commands(words=self.registers.words)
        reply = self._answer(context, said.who, lambda given: commands.answer(given, said), kind="command")
        match reply:
            case Tell(post=post):
                ack(text=post.text, blocks=post.blocks)
            case Show(view=view, shown=shown):
                ack(showing(lambda: client.views_open(trigger_id=said.trigger_id, view=view), shown))
            case _:
                ack()

    def shortcut(self, ack: Ack, body: dict[str, Any], client: WebClient, context: BoltContext) -> None:
        """A shortcut. Global ones have no place to answer in, so a sentence is shown as a small form."""
        chosen = payloads.chosen(body)
        talk = self.registers.shortcuts.get(chosen.shortcut, _unknown)
        reply = self._answer(context, chosen.who, lambda given: talk(given, chosen), kind=chosen.shortcut)
        match reply:
            case Tell(post=post) if chosen.response_url:
                self.answers.ephemeral(chosen.response_url, post.text, post.blocks)
            case Tell(post=post):
                self._show(client.views_open, chosen, modals.message_view(TITLE, post.text))
            case Show(view=view, shown=shown, later=later):
                answer = self._show(client.views_open, chosen, view, shown)
                if answer is not None and later is not None:
                    self._fill(client, answer, later)
        ack()

    def click(self, ack: Ack, body: dict[str, Any], client: WebClient, context: BoltContext) -> None:
        """A button or menu, on a message or in a form."""
        click = payloads.click(body)
        talk = self.registers.clicks.get(click.action, buttons.redraw_unknown)
        reply = self._answer(context, click.who, lambda given: talk(given, click), kind=click.action)
        reply = self._beneath(client, click.view_id, reply)
        match reply:
            case Tell(post=post) if click.view_id:
                self._show(client.views_push, click, modals.message_view(TITLE, post.text))
            case Tell(post=post) if click.response_url:
                self.answers.ephemeral(click.response_url, post.text, post.blocks)
            case Show(view=view, shown=shown, lost=lost):
                self._show(client.views_push if click.view_id else client.views_open, click, view, shown, lost=lost)
            case Redraw(view=view) if click.view_id:
                self.answers.update_view(client, click.view_id, click.view_hash, view)
        ack()

    def submit(self, ack: Ack, body: dict[str, Any], client: WebClient, context: BoltContext) -> None:
        """A form was sent. What was typed stays until it has been stored."""
        sent = payloads.submit(body)
        talk = self.registers.forms.get(sent.form, _unknown)
        reply = self._answer(context, sent.who, lambda given: talk(given, sent), kind=sent.form)
        match self._beneath(client, sent.below, reply):
            case FieldErrors(problems=problems):
                ack(response_action="errors", errors=self._at_fields(context, sent, problems))
            case Tell(post=post) if not sent.blocks:  # no field to say it at: above the form, which stays
                ack(response_action="push", view=modals.message_view(TITLE, post.text))
            case Tell(post=post):
                ack(response_action="errors", errors=self._at_fields(context, sent, {"": post.text}))
            case Redraw(view=view):
                ack(response_action="update", view=view)
            case Finished():
                ack(response_action="clear")
            case _:
                ack()

    def closed(self, ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
        """A form was closed without being sent; there is nobody to answer."""
        sheet = payloads.submit(body)
        keep = self.registers.closed.get(sheet.form)

        def kept(given: Context) -> Reply:
            if keep is not None:
                keep(given, sheet)
            return Nothing()

        self._answer(context, sheet.who, kept, kind="closed")
        ack()

    def typing(self, ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
        """Somebody types into a select of ours."""
        typed = payloads.typing(body)
        search = self.registers.choices.get(typed.field, _no_choices)
        reply = self._answer(context, typed.who, lambda given: search(given, typed), kind="options")
        ack(options=list(reply.options) if isinstance(reply, OptionList) else [])

    def event(self, ack: Ack, body: dict[str, Any], context: BoltContext) -> BoltResponse:
        """Something happened in the workspace. What cannot be stored is not acknowledged, so Slack sends it again.

        Messages are no news: there are too many of them to keep a receipt of each.
        """
        happened = payloads.event(body)
        workspace = self._context(context).workspace

        def learned() -> BoltResponse:
            if happened.type == thread_replies.EVENT:
                thread_replies.handle_message(self.baton, self.channels, workspace, happened.body)
            elif not seen(self.baton, workspace, happened.id):
                learn = listener(self.registers, happened.type)
                learn(self.baton, workspace, happened.body)
                remember(self.baton, workspace, happened.id)
            return ack()

        with self.baton.db.time_limit():
            return answered(learned, lambda _: BoltResponse(status=503), kind=happened.type)

    def _beneath(self, client: WebClient, view_id: str | None, reply: Reply) -> Reply:
        """Have the form below show what it should; return what is answered besides."""
        if not isinstance(reply, UpdateBelow):
            return reply
        if view_id:
            self.answers.update_view(client, view_id, None, reply.below)
        return reply.reply

    def _show(
        self,
        open_view: Callable[..., SlackResponse],
        asked: payloads.Click | payloads.Chosen,
        view: dict[str, Any],
        shown: Callable[[str], None] | None = None,
        *,
        lost: str = "",
    ) -> dict[str, Any] | None:
        """Open a form and return it as Slack has it; if Slack does not, say so, or `lost`, where there is room."""
        opened: list[dict[str, Any]] = []

        def open_and_see() -> SlackResponse:
            answer = open_view(trigger_id=asked.trigger_id, view=view)
            opened.append(answer["view"])
            return answer

        apology = showing(open_and_see, shown)
        if apology and asked.response_url:
            self.answers.ephemeral(asked.response_url, lost or apology)
        return next(iter(opened), None)

    def _fill(
        self,
        client: WebClient,
        opened: dict[str, Any],
        later: Callable[[WebClient, dict[str, Any]], dict[str, Any] | None],
    ) -> None:
        """Have a form that is open filled in with what takes a while to find out."""
        self.answers.fill_view(client, opened["id"], opened.get("hash"), lambda: later(client, opened))

    def _at_fields(self, context: BoltContext, sent: payloads.Submit, problems: Mapping[str, str]) -> dict[str, str]:
        """Sentences by block_id. One that belongs to no field of this form stands at the first."""
        first = next(iter(sent.blocks.values()))
        users = {user for text in problems.values() for user in field_problems.mentioned_in(text)}
        workspace = self._context(context).workspace
        names = answered(
            lambda: names_of(self.baton, workspace=workspace, mentioned=users) if users else {},
            lambda _sentence: {},  # mentions stay ids: better than no sentence
            kind="names",
        )
        return {
            sent.blocks.get(name, first): field_problems.plain_sentence(text, names) for name, text in problems.items()
        }

    def _answer(self, context: BoltContext, who: payloads.Who, talk: Callable[[Context], Reply], *, kind: str) -> Reply:
        given = self._context(context)
        if is_outsider(who.team, given.workspace, given.enterprise):
            return tell(OUTSIDER)
        with self.baton.db.time_limit():
            return answered(lambda: talk(given), tell, kind=kind, user=who.user)

    def _context(self, bolt_context: BoltContext) -> Context:
        installation = bolt_context["authorize_result"]
        return Context(
            baton=self.baton,
            workspace=installation.team_id,
            enterprise=installation.enterprise_id,
            team_url=self.team_url,
        )


def listener(registers: Capability, event_type: str) -> Callable[[Baton, str, payloads.Payload], object]:
    """Whoever listens to a type of event; events that nobody listens to are passed over."""
    return registers.events.get(event_type, _no_news)


def _no_choices(_context: Context, _typed: payloads.Typing) -> OptionList:
    """A select that nobody searches."""
    return OptionList()


def _no_news(_baton: Baton, _workspace: str, _event: payloads.Payload) -> None:
    """A type of event that nobody listens to."""


def _unknown(_context: Context, _what: object) -> Reply:
    """An id that this version does not know: a form or shortcut of an older or a newer Baton."""
    return tell(STRANGE)


T = TypeVar("T")

NOT_SHOWN: Final = "Slack closed the form before it was there, so nothing was changed. Please try again."
"""Its trigger lives for three seconds and opens one form; a slow moment or a second press is enough."""

_log = structlog.get_logger(__name__)


def answered(work: Callable[[], T], apologise: Callable[[str], T], **about: str) -> T:
    """Do `work`; if it cannot be done, apologise with a sentence that says what to do next.

    `about` names the payload in the log (its kind and id, never what somebody typed).
    """
    try:
        return work()
    except (DatabaseBusy, DatabaseUnavailable) as trouble:
        _log.warning("database_away", trouble=type(trouble).__name__, **about)
        return apologise(conversation.BUSY)
    except Exception:  # noqa: BLE001 - the error edge: whatever went wrong, the person hears of it
        reference = secrets.token_hex(3)
        _log.exception("unexpected", reference=reference, **about)
        return apologise(conversation.broken(reference))


def showing(open_view: Callable[[], SlackResponse], then: Callable[[str], None] | None = None) -> str:
    """Have Slack open a form. Return an apology if it did not, otherwise nothing (an empty string).

    `then` is told the form's id. What it keeps for the form is a help: the form is there without it.
    """
    try:
        opened = open_view()
    except SlackApiError as error:
        _log.warning("form_not_shown", error=error.response.get("error"))
        return NOT_SHOWN
    except OSError as error:
        _log.warning("form_not_shown", error=str(error))
        return NOT_SHOWN
    if then is not None:
        answered(partial(then, opened["view"]["id"]), lambda _: None, kind="shown")
    return ""


def seen(baton: Baton, workspace: str, event_id: str) -> bool:
    """Whether this event was learned before."""
    with baton.db.reading() as tx:
        return receipts.get(tx, workspace, _key(event_id)) is not None


def remember(baton: Baton, workspace: str, event_id: str) -> None:
    """Note that this event was learned."""
    now = baton.clock.now()
    baton.db.run_transaction(lambda tx: receipts.take_or_get(tx, workspace, _key(event_id), now))


def _key(event_id: str) -> str:
    return f"event:{event_id}"
