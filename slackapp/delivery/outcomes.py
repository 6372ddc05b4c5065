"""What the pump hands to a sender (`Job`) and what it gets back (`Result`): values that cross between two threads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from slackapp.delivery.gateway import Message, Spot
from slackapp.policy.reach import Silence
from storage.records import Leased


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a first post goes: a channel, a thread in it, or a person (whose DM channel may be known already)."""

    channel: str | None = None
    thread_ts: str | None = None
    user: str | None = None


@dataclass(frozen=True, kw_only=True)
class Job:
    """One leased message, drawn. `message` is None where it has to be deleted; `at` is when it was leased."""

    row: Leased
    place: Place
    message: Message | None
    at: datetime
    is_card: bool = False
    """Whether it is a handoff's card: then Slack is asked for its permalink."""

    @property
    def spot(self) -> Spot | None:
        """Where Slack already has it."""
        posted = self.row.posted
        return None if posted is None else Spot(channel=posted.channel, ts=posted.ts)


@dataclass(frozen=True, kw_only=True)
class Call:
    """One leased message to an address outside Slack: where it goes and what it tells."""

    row: Leased
    url: str
    event: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Delivered:
    """Slack shows it. `maybe_double`: an earlier try may have been seen as well, and nobody could look."""

    spot: Spot
    permalink: str | None = None
    found: bool = False
    maybe_double: bool = False


@dataclass(frozen=True, kw_only=True)
class Erased:
    """Slack does not show it any more."""


@dataclass(frozen=True, kw_only=True)
class Later:
    """Not now. `wait_s` None leaves the pause to the number of attempts; `known` False: it may have been posted."""

    code: str
    known: bool = True
    wait_s: float | None = None


@dataclass(frozen=True, kw_only=True)
class Limited:
    """Slack wants fewer calls of `method` for `wait_s` seconds; the message was not posted by this call."""

    method: str
    wait_s: float
    known: bool = True


@dataclass(frozen=True, kw_only=True)
class Deleted:
    """A person deleted the message that we wanted to change."""


@dataclass(frozen=True, kw_only=True)
class ThreadGone:
    """The thread that we wanted to answer in is gone."""


@dataclass(frozen=True, kw_only=True)
class ChannelShut:
    """The channel does not take the message until people mend it; `code` is Slack's error."""

    code: str
    channel: str | None
    known: bool = True


@dataclass(frozen=True, kw_only=True)
class PersonShut:
    """The person cannot be written to; `code` is Slack's error."""

    code: str


@dataclass(frozen=True, kw_only=True)
class TokenRefused:
    """The app may not speak in this workspace at the moment."""

    code: str
    known: bool = True


@dataclass(frozen=True, kw_only=True)
class Held:
    """The person cannot hear it now: it waits until they can."""

    until: datetime
    why: Silence


@dataclass(frozen=True, kw_only=True)
class Told:
    """An address outside Slack took it."""


@dataclass(frozen=True, kw_only=True)
class Declined:
    """An address outside Slack did not take it; `final` if it never will."""

    code: str
    final: bool = False


@dataclass(frozen=True, kw_only=True)
class MovedOn:
    """There is nothing to say any more. `reason` goes to the audit; None where nobody is missing anything."""

    reason: str | None


Outcome = (
    Delivered
    | Erased
    | Later
    | Limited
    | Deleted
    | ThreadGone
    | ChannelShut
    | PersonShut
    | TokenRefused
    | Held
    | Told
    | Declined
    | MovedOn
)


@dataclass(frozen=True, kw_only=True)
class Result:
    """What became of a leased message. `dm_channel` is a DM channel that was opened for it on the way."""

    row: Leased
    outcome: Outcome
    dm_channel: str | None = None
