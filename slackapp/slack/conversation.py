"""The context of a conversation, the replies that it can return, and general error sentences.

A conversation is a function from a person's action to a `Reply`. It never calls Slack: `slackapp.dispatch` does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from slack_sdk import WebClient

from slackapp.runtime.baton import Baton
from slackapp.slack.block_kit.blocks import Post, escape
from slackapp.slack.payloads import AddressedMessage

View = dict[str, Any]

OUTSIDER: Final = (
    "Only people in the workspace that runs Baton can act on this handoff. Ask someone there to do it for you."
)
UNKNOWN_ID: Final = (
    "This version of Baton doesn't know that button or form, so nothing was changed. `/handoff help` lists what you "
    "can do."
)
BUSY: Final = "Baton couldn't save that, so nothing was changed. Try again in a minute."


@dataclass(frozen=True, kw_only=True)
class Context:
    """Baton in one workspace. `team_url` is the workspace's address, for permalinks."""

    baton: Baton
    workspace: str
    team_url: str
    enterprise: str | None = None


class PrivateReplies(Protocol):
    """Replies to one person outside the listener's thread (see `slackapp.slack.connection.private_replies`)."""

    def ephemeral(self, response_url: str, text: str, blocks: Sequence[dict[str, Any]] | None = None) -> None:
        """Send an ephemeral message."""

    def message_in(
        self, client: WebClient, said: AddressedMessage, text: str, blocks: Sequence[dict[str, Any]] | None = None
    ) -> None:
        """Send an ephemeral message to the person who wrote to Baton, where they wrote."""

    def withdraw(self, response_url: str) -> None:
        """Delete the message whose button was pressed."""

    def update_view(self, client: WebClient, view_id: str, view_hash: str | None, view: dict[str, Any]) -> None:
        """Update an open modal."""


@dataclass(frozen=True, kw_only=True)
class NoReply:
    """No reply: the action is done, and the card or modal updates by itself."""


@dataclass(frozen=True, kw_only=True)
class PrivateMessage:
    """A message that only this person sees."""

    post: Post


@dataclass(frozen=True, kw_only=True)
class OpenModal:
    """Open a modal, on top of the current one if there is one.

    `on_opened` is called with the view's id once Slack has opened it. `load_later` is called with the opened view, may
    call Slack for what takes longer, and returns the view to show then; None leaves it as it is.

    If Slack does not open it, the person gets a private message with a button that does again what they did.
    `if_not_opened` is its sentence if something was done all the same, and `instead` the action_id and value of the
    button that opens the form then.
    """

    view: View
    on_opened: Callable[[str], None] | None = None
    load_later: Callable[[WebClient, View], View | None] | None = None
    if_not_opened: str = ""
    instead: tuple[str, str] | None = None


@dataclass(frozen=True, kw_only=True)
class UpdateModal:
    """Replace the modal that was used.

    `load_later` may call Slack for what takes longer, as in `OpenModal`; the modal is then replaced once, by what it
    returns, or by `view` if it returns None. It is for clicks only: a submitted form is answered at once.
    """

    view: View
    load_later: Callable[[WebClient, View], View | None] | None = None


@dataclass(frozen=True, kw_only=True)
class FieldErrors:
    """Keep the modal open, with an error sentence under each of these fields."""

    problems: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class CloseModals:
    """Close all modals."""


@dataclass(frozen=True, kw_only=True)
class UpdateModalBelow:
    """Reply with `reply`, and replace the modal below the current one by `below`."""

    reply: NoReply | OpenModal | UpdateModal
    below: View


@dataclass(frozen=True, kw_only=True)
class OptionList:
    """Options for a select that is searched by typing."""

    options: Sequence[dict[str, Any]] = field(default=())


Reply = NoReply | PrivateMessage | OpenModal | UpdateModal | FieldErrors | CloseModals | UpdateModalBelow | OptionList


def tell(text: str) -> PrivateMessage:
    """Return a private message of this text."""
    return PrivateMessage(post=Post(text=text, blocks=[]))


def unexpected_error(reference: str) -> str:
    """Return the apology for an unexpected error; `reference` is also in the log."""
    return (
        f"Something went wrong, and Baton may not have done what you asked. Check the card before you try again. If "
        f"it happens again, give the person who runs Baton this reference: `{escape(reference)}`."
    )
