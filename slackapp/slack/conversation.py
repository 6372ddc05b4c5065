"""What every conversation is given, the few ways in which it can answer, and the general apologies.

A conversation is a function from what somebody did to a `Reply`. It never talks to Slack: `front.py` does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from slack_sdk import WebClient

from slackapp.runtime.baton import Baton
from slackapp.slack.block_kit.blocks import Post, escape

View = dict[str, Any]

OUTSIDER: Final = (
    "Only people of the workspace that runs Baton can act on this handoff. Ask somebody there to do it for you."
)
STRANGE: Final = (
    "This version of Baton does not know that button or form, so nothing was done. `/handoff help` says what it knows."
)
BUSY: Final = "Baton could not store that just now, and nothing was changed. Please try again in a moment."


@dataclass(frozen=True, kw_only=True)
class Context:
    """Baton as one workspace's people meet it. `team_url` is the workspace's address, for permalinks."""

    baton: Baton
    workspace: str
    team_url: str
    enterprise: str | None = None


class PrivateReplies(Protocol):
    """Answers one person without holding up a listener (see `slackapp.slack.connection.private_replies`)."""

    def ephemeral(self, response_url: str, text: str, blocks: Sequence[dict[str, Any]] | None = None) -> None:
        """Say something privately."""

    def update_view(self, client: WebClient, view_id: str, view_hash: str | None, view: dict[str, Any]) -> None:
        """Show a form anew."""

    def fill_view(
        self, client: WebClient, view_id: str, view_hash: str | None, draw: Callable[[], View | None]
    ) -> None:
        """Show a form anew once `draw` has found out what it should show; None leaves it as it is."""


@dataclass(frozen=True, kw_only=True)
class Nothing:
    """It is done, and what is seen changes by itself."""


@dataclass(frozen=True, kw_only=True)
class Tell:
    """Say something to this person alone."""

    post: Post


@dataclass(frozen=True, kw_only=True)
class Show:
    """Open a form; over the present one if there is one. `shown` is told its id once Slack has opened it.

    `later` is given the opened form, asks Slack for what takes a while, and says what the form should show then; None
    leaves it as it is. `lost` is what to say if Slack does not open it.
    """

    view: View
    shown: Callable[[str], None] | None = None
    later: Callable[[WebClient, View], View | None] | None = None
    lost: str = ""


@dataclass(frozen=True, kw_only=True)
class Redraw:
    """Show this in place of the form that was used."""

    view: View


@dataclass(frozen=True, kw_only=True)
class FieldErrors:
    """Keep the form as it is, with a sentence at each field that needs mending."""

    problems: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Finished:
    """Close every form."""


@dataclass(frozen=True, kw_only=True)
class UpdateBelow:
    """Answer so, and show this in the form that lies below: it tells of what was just done."""

    reply: Nothing | Show | Redraw
    below: View


@dataclass(frozen=True, kw_only=True)
class OptionList:
    """Options for what somebody types."""

    options: Sequence[dict[str, Any]] = field(default=())


Reply = Nothing | Tell | Show | Redraw | FieldErrors | Finished | UpdateBelow | OptionList


def tell(text: str) -> Tell:
    """A private sentence."""
    return Tell(post=Post(text=text, blocks=[]))


def broken(reference: str) -> str:
    """The apology for a bug; `reference` is also in the log."""
    return (
        f"Something went wrong in Baton, and it may not have done what you asked. Look at the card before you try "
        f"again. If it stays, tell whoever runs Baton this reference: `{escape(reference)}`."
    )
