"""Registers: the rows that a package adds for commands, buttons, forms, events, messages and effects.

`slackapp.registers` joins the rows of all packages and passes them to the code that looks up an id.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Generic, TypeVar

from slackapp.runtime.baton import Baton, Effect, PeopleEffect
from slackapp.slack.block_kit.blocks import Block, Post
from slackapp.slack.command_text import CommandText
from slackapp.slack.conversation import Context, OptionList, Reply
from slackapp.slack.payloads import Click, Command, OptionSearch, Payload, ShortcutUse, Submit
from storage.clocks.model import Timer
from storage.company.model import Person, Queue, Topic
from storage.db.database import Tx
from storage.handoffs.model import Handoff
from storage.outbox.model import OpenHome, OutboxMessage

T = TypeVar("T")
S = TypeVar("S")
"""The scene of a message: all data that it is drawn from, read in one transaction."""

_NUMBER: Final = re.compile(r"#?(\d{1,9})")


def any_text(rest: CommandText) -> CommandText:
    """Return the rest of a command as typed; a parser for `Subcommand.parse`."""
    return rest


def nothing_more(rest: CommandText) -> CommandText | None:
    """Return the rest of a command if it is empty, else None; a parser for `Subcommand.parse`."""
    return None if rest else rest


def handoff_number(rest: str) -> int | None:
    """Return the number in `42` or `#42`, or None; a parser for `Subcommand.parse`."""
    found = _NUMBER.fullmatch(rest)
    return int(found[1]) if found else None


@dataclass(frozen=True, kw_only=True)
class Subcommand(Generic[T]):
    """A use of `/handoff`, such as `/handoff mine`."""

    handle: Callable[[Context, Command, T], Reply]
    """The conversation; its last argument is what `parse` returned."""
    parse: Callable[[CommandText], T | None]
    """Parses the text after the word, without spaces around it; None if it is not valid."""
    usage: str
    """Its line in the help; `{command}` is replaced by the command."""
    aliases: tuple[str, ...] = ()
    """Other words for the same subcommand."""
    asks: str = ""
    """What the person is asked if nothing follows the word and something has to."""
    opens: str = ""
    """The title of the modal that it opens, if it only reads and then opens one: see `Capability.opens`."""
    is_example: bool = False
    """Whether its key is only an example, such as `42`: `parse` is given the whole text then."""


@dataclass(frozen=True, kw_only=True)
class RemindedClock:
    """A clock of a handoff that a message is a reminder of."""

    handoff: Handoff
    queue: Queue
    timer: Timer | None
    """The clock; None once it has stopped."""
    hear_at: datetime | None = None
    """The stored instant before which the reader should not be notified, if any."""


def _nothing(_scene: Any) -> None:
    return None


def own_acts(_payload: Mapping[str, Any]) -> Topic:
    """Return the topic of a message that answers what its reader did; for `MessageKind.topic`."""
    return Topic.OWN_ACTS


def team_matters(_payload: Mapping[str, Any]) -> Topic:
    """Return the topic of a message about covers and channels; for `MessageKind.topic`."""
    return Topic.TEAM


@dataclass(frozen=True, kw_only=True)
class MessageKind(Generic[S]):
    """A kind of message posted in Slack: how its data is loaded and drawn, and how the pump treats it."""

    load: Callable[[Tx, OutboxMessage, bool], S | None]
    """Reads the scene. Its last argument: whether the message is posted already. None: there is nothing to draw."""
    draw: Callable[[S, datetime], Post | None]
    """Draws the scene as of an instant; pure. None: the message is no longer relevant."""
    about: Callable[[S], Handoff | None] = _nothing
    """The handoff that the message is about, if it is about exactly one."""
    private_reader: Callable[[S], str | None] = _nothing
    """The recipient of a DM who may see the contents of this private handoff, or None."""
    reminds_of: Callable[[S], Sequence[RemindedClock]] | None = None
    """The clocks it is a reminder of. Such a message is held while its recipient is not available."""
    topic: Callable[[Mapping[str, Any]], Topic] = own_acts
    """What a message to a person is about for them, by its payload. People choose by topic how they get messages."""
    waits_for_return: bool = False
    """Whether a message to somebody who has set themselves away is held until they are back."""
    awaits_card: Callable[[S], bool] | None = None
    """Whether it should link to a card without a known permalink yet. Such a message is posted a moment later."""
    shows_card: bool = False
    """Whether it links to the card, and is drawn again when a new card is posted."""
    has_notices: bool = False
    """Whether it is a reminder of clocks, whose notices are marked when it is sent, held or skipped."""
    is_card: bool = False
    """Whether it is a handoff's card, whose permalink other messages show."""
    grows: bool = False
    """Whether it lists many handoffs, and may get more of them after it was posted."""
    in_foreign_thread: bool = False
    """Whether it replies to a message that is not Baton's: a channel that refuses it is not reported."""


@dataclass(frozen=True, kw_only=True)
class CallKind(Generic[S]):
    """A kind of outbox message that is sent to a webhook instead of Slack."""

    load: Callable[[Tx, OutboxMessage], S | None]
    """Reads the scene. None: there is nothing to send."""
    draw: Callable[[S, datetime], Mapping[str, Any] | None]
    """Returns the JSON to send, as of an instant; None: it is no longer relevant."""
    has_notices: bool = False
    """As in `MessageKind`."""


@dataclass(frozen=True, kw_only=True)
class HomeReader:
    """The person whose Home tab is drawn. They may use Baton."""

    person: Person
    is_admin: bool


@dataclass(frozen=True, kw_only=True)
class HomePart(Generic[S]):
    """A part at the top of Home tabs, above a person's work: set-up for admins, the switch for being away.

    Reading it costs a statement or two, and nothing for those who do not have the part.
    """

    load: Callable[[Tx, HomeReader, datetime], S | None]
    """Reads it for a person, in the transaction in which their Home tab is read; None: they do not have the part."""
    draw: Callable[[S, datetime], Sequence[Block]]
    """Draws it; pure. At most `HOME_PART_BLOCKS` blocks are shown."""
    is_first: bool = False
    """Whether it is above the parts for everybody."""


@dataclass(frozen=True, kw_only=True)
class DrawnHome:
    """A Home tab as it is to be published."""

    home: OpenHome
    """The Home tab as stored when it was read."""
    view: Mapping[str, Any]
    teams: tuple[str, ...]
    """What it shows besides the person's work (see `OpenHome`): what happens there draws it again."""
    next_at: datetime | None = None
    """When something in it changes by itself next, such as a deadline that passes."""


@dataclass(frozen=True, kw_only=True)
class ViewKind(Generic[S]):
    """A kind of outbox message that is published as a person's Home tab instead of being posted."""

    load: Callable[[Tx, OutboxMessage, datetime, Sequence[HomePart[Any]]], S | None]
    """Reads the scene as of an instant, with the parts of other packages. None: the person does not look."""
    draw: Callable[[S, datetime], DrawnHome]
    """Draws the view as of an instant; pure."""
    has_notices: bool = False
    """As in `MessageKind`."""
    parts: tuple[HomePart[Any], ...] = ()
    """The parts that packages add; filled in where the registers are joined."""


HOME_PART_BLOCKS: Final = 16
"""The most blocks that a part of a Home tab may have."""

Kind = MessageKind[Any] | CallKind[Any] | ViewKind[Any]
Kinds = Mapping[str, Kind]
"""Kinds of messages by their stored word."""


@dataclass(frozen=True, kw_only=True)
class Scheduled:
    """Work that is stored and waits for its time; every tick does what is due."""

    run: Callable[[Baton], object]
    """Does what is due; safe to call with nothing due, and in several processes at once."""
    next_due_at: Callable[[Baton], datetime | None]
    """Returns the instant at which there is something to do next, possibly in the past; None for nothing."""


@dataclass(frozen=True, kw_only=True)
class Capability:
    """The rows of one package. Ids, words and kinds of message are unique across packages."""

    clicks: Mapping[str, Callable[[Context, Click], Reply]] = field(default_factory=dict)
    """Buttons and menus, by action_id."""
    forms: Mapping[str, Callable[[Context, Submit], Reply]] = field(default_factory=dict)
    """Submitted forms, by callback_id."""
    closed: Mapping[str, Callable[[Context, Submit], None]] = field(default_factory=dict)
    """Forms closed without being submitted, by callback_id."""
    shortcuts: Mapping[str, Callable[[Context, ShortcutUse], Reply]] = field(default_factory=dict)
    """Global and message shortcuts, by callback_id."""
    opens: Mapping[str, str] = field(default_factory=dict)
    """The title of the modal that a click or shortcut opens, by its id, for those that only read and then open one.

    When their data is slow, Baton opens an empty modal with that title first and fills it later.
    """
    choices: Mapping[str, Callable[[Context, OptionSearch], OptionList]] = field(default_factory=dict)
    """Selects that are searched by typing, by the field's key."""
    events: Mapping[str, Callable[[Baton, str, Payload], object]] = field(default_factory=dict)
    """Events API handlers by event type, called once per event with the workspace and Slack's inner event."""
    words: Mapping[str, Subcommand[Any]] = field(default_factory=dict)
    """Subcommands of `/handoff` by word in lower case, in the order of the help; "" is the command alone."""
    message_kinds: Kinds = field(default_factory=dict)
    """Kinds of messages, by their stored word."""
    effects: tuple[Effect, ...] = ()
    """Functions that return further outbox messages for a changed handoff; run in this order."""
    home_parts: tuple[HomePart[Any], ...] = ()
    """Parts at the top of Home tabs, in this order."""
    people_effects: tuple[PeopleEffect, ...] = ()
    """Functions that follow a change of facts about people and user groups; run in this order."""
    scheduled: tuple[Scheduled, ...] = ()
    """Work that every tick does when it is due, after the clocks of handoffs; run in this order."""
