"""The conversation that the registers have for a payload."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from slackapp.capability import Capability
from slackapp.dispatch.commands import Commands
from slackapp.forms.listeners.begin import with_offer
from slackapp.forms.queries.kept_requests import kept_request
from slackapp.forms.views.not_opened import REQUEST_GONE
from slackapp.handoffs.listeners import buttons
from slackapp.handoffs.listeners.commands import list_to_writer
from slackapp.slack import ids, payloads
from slackapp.slack.conversation import (
    UNKNOWN_ID,
    Context,
    NoReply,
    OpenModal,
    OptionList,
    Reply,
    UpdateModal,
    UpdateModalBelow,
    tell,
)


@dataclass(frozen=True, kw_only=True)
class Conversation:
    """A conversation about one payload."""

    answer: Callable[[Context], Reply]
    kind: str
    """The payload's id, for the log."""
    opens: str = ""
    """The title of the modal that it opens, if that is what it does: see `Capability.opens`."""


@dataclass(frozen=True, kw_only=True)
class Conversations:
    """The conversations of all capabilities."""

    registers: Capability

    def about_command(self, said: payloads.Command) -> Conversation:
        """Return the conversation about a slash command."""
        commands = Commands(words=self.registers.words)
        return Conversation(
            answer=lambda given: commands.answer(given, said), kind="command", opens=commands.opens(said.text)
        )

    def about_message(self, said: payloads.AddressedMessage) -> Conversation:
        """Return the conversation about a message that a person wrote to Baton."""
        commands = Commands(words=self.registers.words)

        def answer(given: Context) -> Reply:
            return with_offer(given, said, list_to_writer(given, said.who, commands.usage))

        return Conversation(answer=answer, kind="written to")

    def about_shortcut(self, chosen: payloads.ShortcutUse) -> Conversation:
        """Return the conversation about a shortcut."""
        talk = self.registers.shortcuts.get(chosen.shortcut, _unknown_id)
        opens = self.registers.opens.get(chosen.shortcut, "")
        return Conversation(answer=lambda given: talk(given, chosen), kind=chosen.shortcut, opens=opens)

    def about_click(self, click: payloads.Click) -> Conversation:
        """Return the conversation about a button or menu."""
        if click.action == ids.AGAIN:
            return Conversation(answer=partial(self._again, click), kind=click.action, opens=_AGAIN)
        talk = self.registers.clicks.get(click.action, buttons.redraw_unknown)
        opens = self.registers.opens.get(click.action, "")
        return Conversation(answer=lambda given: talk(given, click), kind=click.action, opens=opens)

    def about_form(self, sent: payloads.Submit) -> Conversation:
        """Return the conversation about a submitted form."""
        talk = self.registers.forms.get(sent.form, _unknown_id)
        return Conversation(answer=lambda given: talk(given, sent), kind=sent.form)

    def about_closed_form(self, closed: payloads.Submit) -> Conversation:
        """Return the conversation about a form that was closed without being submitted. It has no reply."""
        keep = self.registers.closed.get(closed.form, _forget)

        def answer(given: Context) -> Reply:
            keep(given, closed)
            return NoReply()

        return Conversation(answer=answer, kind="closed")

    def about_search(self, typed: payloads.OptionSearch) -> Conversation:
        """Return the conversation about what a person types into a select."""
        search = self.registers.choices.get(typed.field, _no_choices)
        return Conversation(answer=lambda given: search(given, typed), kind="options")

    def _again(self, click: payloads.Click, given: Context) -> Reply:
        """Do again what opened no form, for the person who did it, and open what it would have shown."""
        kept_id = click.target.handoff_id if click.target else ""
        body = kept_request(given.baton, workspace=given.workspace, user=click.who.user, kept_id=kept_id)
        if body is None:
            return tell(REQUEST_GONE)
        reply = self._about(body).answer(given)
        if isinstance(reply, UpdateModalBelow):
            reply = reply.reply
        return OpenModal(view=reply.view) if isinstance(reply, UpdateModal) else reply

    def _about(self, body: payloads.Payload) -> Conversation:
        if "command" in body:
            return self.about_command(payloads.parse_command(body))
        if "actions" in body:
            return self.about_click(payloads.parse_click(body))
        return self.about_shortcut(payloads.parse_shortcut(body))


_AGAIN: Final = "Baton"


def _no_choices(_context: Context, _typed: payloads.OptionSearch) -> OptionList:
    """Return no options: the select is not in the registers."""
    return OptionList()


def _forget(_context: Context, _closed: payloads.Submit) -> None:
    """Keep nothing of a form that nobody asks to be kept."""


def _unknown_id(_context: Context, _what: object) -> Reply:
    """Return the apology for an id that is not in the registers, of an older or a newer version."""
    return tell(UNKNOWN_ID)
