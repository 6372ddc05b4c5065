"""What a package can add to Baton's registers.

`slackapp.app` joins the rows of all packages, and hands them to whoever looks an id up.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Generic, TypeVar

from slackapp.runtime.baton import Baton, Effect
from slackapp.slack.block_kit.blocks import Post
from slackapp.slack.conversation import Context, OptionList, Reply
from slackapp.slack.payloads import Chosen, Click, Command, Payload, Submit, Typing
from storage.clocks.model import Timer
from storage.company.model import Queue
from storage.db.database import Tx
from storage.handoffs.model import Handoff
from storage.outbox.model import OutboxMessage

T = TypeVar("T")
S = TypeVar("S")
"""The scene of a message: everything that it is drawn from, read in one transaction."""

_NUMBER: Final = re.compile(r"#?(\d{1,9})")


def text(rest: str) -> str:
    """What follows a word, as it was typed; nothing is an empty string."""
    return rest


def number(rest: str) -> int | None:
    """The number of a handoff: `42` or `#42`; None for anything else."""
    found = _NUMBER.fullmatch(rest)
    return int(found[1]) if found else None


@dataclass(frozen=True, kw_only=True)
class Word(Generic[T]):
    """One way to use `/handoff`."""

    talk: Callable[[Context, Command, T], Reply]
    """The conversation, given what `reads` found."""
    reads: Callable[[str], T | None]
    """Reads what was typed behind the word, without spaces around it; None where it makes no sense."""
    usage: str
    """Its line in the help, in which `{command}` is what people type."""
    also: tuple[str, ...] = ()
    """Other words for the same."""
    is_example: bool = False
    """Whether its key is only an example, such as `42`: `reads` is given all that was typed then."""


@dataclass(frozen=True, kw_only=True)
class Subject:
    """A clock of a handoff that a message speaks of."""

    handoff: Handoff
    queue: Queue
    timer: Timer | None
    """The clock while it runs or is paused."""
    hear_at: datetime | None = None
    """The instant before which the reader should not hear of it, where one is stored."""


def _nothing(_scene: Any) -> None:
    return None


@dataclass(frozen=True, kw_only=True)
class MessageKind(Generic[S]):
    """A kind of message that Baton posts in Slack: how its scene is read and drawn, and how the pump treats it."""

    load: Callable[[Tx, OutboxMessage, bool], S | None]
    """Reads the scene; the last argument says whether Slack has the message already. None: there is nothing to draw."""
    draw: Callable[[S, datetime], Post | None]
    """Draws a scene at an instant, without reading anything; None: the message is no longer worth saying."""
    about: Callable[[S], Handoff | None] = _nothing
    """The one handoff that the message is about, if it is about one."""
    private_reader: Callable[[S], str | None] = _nothing
    """The person whose message it is, where its blocks may hold the contents of private work that concerns them."""
    reminds_of: Callable[[S], Sequence[Subject]] | None = None
    """The clocks that it speaks of. Such a message is not posted to a person while they cannot hear of them."""
    awaits_card: Callable[[S], bool] | None = None
    """Whether it should link to a card whose address is not known yet. Such a message is posted a moment later."""
    shows_card: bool = False
    """Whether it holds the address of the card, and is drawn again once Slack has a new card."""
    has_notices: bool = False
    """Whether a clock speaks in it, so that who heard of what is stored as notices."""
    is_card: bool = False
    """Whether it is a handoff's card, whose permalink others show."""
    grows: bool = False
    """Whether it speaks of many handoffs, and may have more to say after Slack has it."""
    in_foreign_thread: bool = False
    """Whether it stands under a message that is not Baton's: a channel that refuses it is nobody's to repair."""


@dataclass(frozen=True, kw_only=True)
class CallKind(Generic[S]):
    """A kind of message that leaves Slack: a call to an address of the company's."""

    load: Callable[[Tx, OutboxMessage], S | None]
    """Reads the scene. None: there is nothing to tell."""
    draw: Callable[[S, datetime], Mapping[str, Any] | None]
    """The JSON to send, with the instant at which it was asked for; None: it is no longer worth telling."""
    has_notices: bool = False
    """As in `MessageKind`."""


Kind = MessageKind[Any] | CallKind[Any]
Kinds = Mapping[str, Kind]
"""The register of kinds of messages, by the word that the outbox keeps."""


@dataclass(frozen=True, kw_only=True)
class Capability:
    """The rows that one package adds. No id, word or kind of message stands in two packages."""

    clicks: Mapping[str, Callable[[Context, Click], Reply]] = field(default_factory=dict)
    """Buttons and menus, by action_id."""
    forms: Mapping[str, Callable[[Context, Submit], Reply]] = field(default_factory=dict)
    """Forms that were sent, by callback_id."""
    closed: Mapping[str, Callable[[Context, Submit], None]] = field(default_factory=dict)
    """Forms that were closed without being sent, by callback_id."""
    shortcuts: Mapping[str, Callable[[Context, Chosen], Reply]] = field(default_factory=dict)
    """Shortcuts, global ones and those of messages, by callback_id."""
    choices: Mapping[str, Callable[[Context, Typing], OptionList]] = field(default_factory=dict)
    """Selects that are searched while somebody types, by the field's key."""
    events: Mapping[str, Callable[[Baton, str, Payload], object]] = field(default_factory=dict)
    """What happened in a workspace, by type; each event is told once. Given the workspace and Slack's inner event."""
    words: Mapping[str, Word[Any]] = field(default_factory=dict)
    """Uses of `/handoff`, in the order of the help, by the word in small letters; "" is the command alone."""
    message_kinds: Kinds = field(default_factory=dict)
    """Kinds of messages, by the word that the outbox keeps."""
    effects: tuple[Effect, ...] = ()
    """What a change of a handoff puts into the outbox besides the handoff's own messages; run in this order."""
