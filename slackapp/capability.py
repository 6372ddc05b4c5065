"""What a package can add to Baton's registers.

`slackapp.app` joins the rows of all packages, and hands them to whoever looks an id up.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

if TYPE_CHECKING:  # for annotations alone: what a conversation is given has Baton, which has effects
    from slackapp.listeners.desk import Choices, Desk, Reply
    from slackapp.listeners.inbound import Chosen, Click, Command, Payload, Submit, Typing
    from slackapp.usecases.baton import Baton

T = TypeVar("T")

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

    talk: Callable[[Desk, Command, T], Reply]
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
class Capability:
    """The rows that one package adds: conversations by the id of what Slack sends. No id stands in two packages."""

    clicks: Mapping[str, Callable[[Desk, Click], Reply]] = field(default_factory=dict)
    """Buttons and menus, by action_id."""
    forms: Mapping[str, Callable[[Desk, Submit], Reply]] = field(default_factory=dict)
    """Forms that were sent, by callback_id."""
    closed: Mapping[str, Callable[[Desk, Submit], None]] = field(default_factory=dict)
    """Forms that were closed without being sent, by callback_id."""
    shortcuts: Mapping[str, Callable[[Desk, Chosen], Reply]] = field(default_factory=dict)
    """Shortcuts, global ones and those of messages, by callback_id."""
    choices: Mapping[str, Callable[[Desk, Typing], Choices]] = field(default_factory=dict)
    """Selects that are searched while somebody types, by the field's key."""
    events: Mapping[str, Callable[[Baton, str, Payload], object]] = field(default_factory=dict)
    """What happened in a workspace, by type; each event is told once. Given the workspace and Slack's inner event."""
    words: Mapping[str, Word[Any]] = field(default_factory=dict)
    """Uses of `/handoff`, in the order of the help, by the word in small letters; "" is the command alone."""
