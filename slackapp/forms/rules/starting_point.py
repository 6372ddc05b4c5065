"""What a handoff starts from: a message, the thread it stands in, a link, or nothing at all.

Everything in it is text, so that it can be kept beside a form that is under way (`content` and `beginning`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from storage.db.json_records import JsonObject, converter


@dataclass(frozen=True, kw_only=True)
class File:
    """A file of Slack's. Who may open it is Slack's business."""

    id: str
    name: str
    permalink: str = ""


@dataclass(frozen=True, kw_only=True)
class QuotedMessage:
    """One message, in plain words, whom it mentions by name."""

    words: str
    author: str | None = None
    """A user id; None for messages of apps."""
    author_name: str = ""
    permalink: str = ""
    at: str = ""
    """When it was written: ISO 8601 in UTC."""
    on: str = ""
    """The day on which that was, where the sender is."""
    links: tuple[str, ...] = ()
    files: tuple[File, ...] = ()


@dataclass(frozen=True, kw_only=True)
class StartingPoint:
    """What a handoff starts from. `thread` is what was read of the message's thread, its root first."""

    message: QuotedMessage | None = None
    thread: tuple[QuotedMessage, ...] = ()
    link: str | None = None
    """What somebody typed behind the command."""
    note: Mapping[str, Any] = field(default_factory=dict)
    """The message as a note, quoted whole: `plain` and `rich`, as a form keeps it."""

    @property
    def address(self) -> str | None:
        """The link that the handoff is about."""
        return self.link or (self.message.permalink if self.message else None) or None


_json: Final = converter()


def starting_point_json(beginning: StartingPoint) -> JsonObject:
    """Return what a handoff starts from as JSON."""
    found: JsonObject = _json.unstructure(beginning)
    return found


def read_starting_point(found: Mapping[str, Any]) -> StartingPoint:
    """Return what `content` made JSON of."""
    return _json.structure(found, StartingPoint)
