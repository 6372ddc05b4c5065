"""What a package can add to Baton's registers: effects of changes, and kinds of messages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from slackapp.blocks import Post
from storage.company import Queue
from storage.database import Tx
from storage.lifecycle import Moved
from storage.records import Handoff, Timer, Wanted

Effect = Callable[[Tx, Moved], Iterable[Wanted]]
"""What an accepted change puts into the outbox besides a handoff's own messages.

Called in the change's transaction, after the change is written. It reads and may write through the transaction, and
nothing else; the messages that it returns are put into the outbox together with all others.
"""

S = TypeVar("S")
"""The scene of a message: everything that it is drawn from, read in one transaction."""


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

    load: Callable[[Tx, Wanted, bool], S | None]
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

    load: Callable[[Tx, Wanted], S | None]
    """Reads the scene. None: there is nothing to tell."""
    draw: Callable[[S, datetime], Mapping[str, Any] | None]
    """The JSON to send, with the instant at which it was asked for; None: it is no longer worth telling."""
    has_notices: bool = False
    """As in `MessageKind`."""


Kind = MessageKind[Any] | CallKind[Any]
Kinds = Mapping[str, Kind]
"""The register of kinds of messages, by the word that the outbox keeps."""
