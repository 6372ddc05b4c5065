"""The starting point of a handoff: a message, its thread, a link, or nothing.

All parts are text, so that a starting point can be stored with a form's draft.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from cattrs.gen import make_dict_unstructure_fn, override

from storage.db.json_records import JsonObject, converter


@dataclass(frozen=True, kw_only=True)
class File:
    """A file in Slack; Slack decides who may open it."""

    id: str
    name: str
    permalink: str = ""


@dataclass(frozen=True, kw_only=True)
class QuotedMessage:
    """One message in plain text, with mentioned people by name."""

    words: str
    title: str = ""
    """The title that an app gave its message; empty for what people write."""
    author: str | None = None
    """User id; None for messages of apps."""
    author_name: str = ""
    permalink: str = ""
    at: str = ""
    """When the message was written: ISO 8601 in UTC."""
    on: str = ""
    """The day of that in the sender's time zone: ISO 8601."""
    links: tuple[str, ...] = ()
    files: tuple[File, ...] = ()


@dataclass(frozen=True, kw_only=True)
class StartingPoint:
    """What a handoff is opened from; `thread` holds the messages read of the thread, its root first."""

    message: QuotedMessage | None = None
    thread: tuple[QuotedMessage, ...] = ()
    link: str | None = None
    """Link typed behind the command."""
    note: Mapping[str, Any] = field(default_factory=dict)
    """The message quoted as a note, with the keys `plain` and `rich`."""

    @property
    def address(self) -> str | None:
        """Link to what the handoff is about, if any."""
        return self.link or (self.message.permalink if self.message else None) or None


_json: Final = converter()
_json.register_unstructure_hook(
    QuotedMessage, make_dict_unstructure_fn(QuotedMessage, _json, title=override(omit_if_default=True))
)


def starting_point_json(beginning: StartingPoint) -> JsonObject:
    """Return a starting point as JSON."""
    found: JsonObject = _json.unstructure(beginning)
    return found


def read_starting_point(found: Mapping[str, Any]) -> StartingPoint:
    """Return the starting point stored by `starting_point_json`."""
    return _json.structure(found, StartingPoint)
