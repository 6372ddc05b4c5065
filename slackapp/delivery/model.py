"""Values that cross between the pump's two threads: what to send (a `Job`) and its `Result`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from slackapp.capability import DrawnHome
from slackapp.delivery.gateway import Message, Spot
from slackapp.people.rules.availability import Unavailable
from storage.company.model import Topic
from storage.outbox.model import LeasedMessage


@dataclass(frozen=True, kw_only=True)
class ResolvedDestination:
    """The destination of a first post: a channel, a thread in it, or a person (perhaps with a known DM channel)."""

    channel: str | None = None
    thread_ts: str | None = None
    user: str | None = None


@dataclass(frozen=True, kw_only=True)
class SendJob:
    """A leased message to send. `message` is None if it has to be deleted; `at` is when it was leased."""

    row: LeasedMessage
    place: ResolvedDestination
    message: Message | None
    at: datetime
    is_card: bool = False
    """Whether it is a handoff's card: then Slack is asked for its permalink."""
    settled: bool = False
    """Whether nothing in it can become false any more."""

    @property
    def spot(self) -> Spot | None:
        """The address of the message in Slack, if it was posted before."""
        posted = self.row.posted
        return None if posted is None else Spot(channel=posted.channel, ts=posted.ts)


@dataclass(frozen=True, kw_only=True)
class WebhookCall:
    """A leased webhook call: its URL and its event."""

    row: LeasedMessage
    url: str
    event: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class PublishJob:
    """A leased Home tab to publish. `digest` is that of the view's content."""

    row: LeasedMessage
    drawn: DrawnHome
    digest: str


Job = SendJob | WebhookCall | PublishJob


@dataclass(frozen=True, kw_only=True)
class Delivered:
    """Slack shows the message. `maybe_double`: an earlier try may have been posted too, which could not be checked."""

    spot: Spot
    permalink: str | None = None
    found: bool = False
    maybe_double: bool = False


@dataclass(frozen=True, kw_only=True)
class Erased:
    """Slack does not show the message any more."""


@dataclass(frozen=True, kw_only=True)
class RetryLater:
    """Retry after `wait_s` seconds (None: by the number of attempts). `known` False: it may have been posted."""

    code: str
    known: bool = True
    wait_s: float | None = None
    refused: bool = True
    """Whether a try failed, rather than that it was not the time for one."""
    in_order: bool = False
    """Whether what waits for the same channel or person has to wait for it: nothing is wrong with the message."""


@dataclass(frozen=True, kw_only=True)
class Limited:
    """Slack limits the rate of `method` for `wait_s` seconds; this call posted nothing.

    Unless `everywhere`, a limit of posting is one of its channel.
    """

    method: str
    wait_s: float
    known: bool = True
    everywhere: bool = False


@dataclass(frozen=True, kw_only=True)
class Deleted:
    """The message to update was deleted by a person."""


@dataclass(frozen=True, kw_only=True)
class ThreadGone:
    """The thread to reply in is gone."""


@dataclass(frozen=True, kw_only=True)
class ChannelRefused:
    """The channel refuses messages until people fix it; `code` is Slack's error."""

    code: str
    channel: str | None
    known: bool = True


@dataclass(frozen=True, kw_only=True)
class PersonUnreachable:
    """The person cannot be written to; `code` is Slack's error."""

    code: str


@dataclass(frozen=True, kw_only=True)
class TokenRefused:
    """Slack refused the token: the app cannot post in this workspace at the moment."""

    code: str
    known: bool = True


@dataclass(frozen=True, kw_only=True)
class Forbidden:
    """A setting of the app or workspace forbids the message until an admin changes it; `code` is Slack's error.

    With `all_direct` it forbids every direct message.
    """

    code: str
    known: bool = True
    all_direct: bool = False


@dataclass(frozen=True, kw_only=True)
class ReaderUnavailable:
    """The reader is unavailable: the message waits until they are back."""

    until: datetime
    why: Unavailable


@dataclass(frozen=True, kw_only=True)
class ForSummary:
    """The reader gets messages of this topic in a summary, the next one at this instant."""

    topic: Topic
    at: datetime


@dataclass(frozen=True, kw_only=True)
class NotWanted:
    """The reader has turned such messages off."""


@dataclass(frozen=True, kw_only=True)
class TooEarly:
    """The message was put again before its time: it waits until then."""

    until: datetime


@dataclass(frozen=True, kw_only=True)
class WebhookAccepted:
    """The webhook accepted the call."""


@dataclass(frozen=True, kw_only=True)
class WebhookDeclined:
    """The webhook refused the call; `final` if it always will."""

    code: str
    final: bool = False


@dataclass(frozen=True, kw_only=True)
class HomeShown:
    """Slack shows a Home tab, by this hash and digest; None for both if it shows another that has to be replaced."""

    drawn: DrawnHome
    view_hash: str | None
    digest: str | None
    published: bool = True
    """Whether Slack was asked; it is not if it shows the same already."""


@dataclass(frozen=True, kw_only=True)
class HomeNotShown:
    """A Home tab is not shown: its person does not look, may not use Baton, or Slack refuses it for them."""


@dataclass(frozen=True, kw_only=True)
class NoLongerNeeded:
    """The message is no longer needed. `reason` goes to the audit; None if nobody misses anything."""

    reason: str | None


Outcome = (
    Delivered
    | Erased
    | RetryLater
    | Limited
    | Deleted
    | ThreadGone
    | ChannelRefused
    | PersonUnreachable
    | TokenRefused
    | Forbidden
    | ReaderUnavailable
    | ForSummary
    | NotWanted
    | TooEarly
    | WebhookAccepted
    | WebhookDeclined
    | HomeShown
    | HomeNotShown
    | NoLongerNeeded
)


@dataclass(frozen=True, kw_only=True)
class Result:
    """The result of sending a leased message. `dm_channel` is the DM channel that was opened for it, if any.

    `settled`: nothing in what was sent can become false any more.
    """

    row: LeasedMessage
    outcome: Outcome
    dm_channel: str | None = None
    settled: bool = False
