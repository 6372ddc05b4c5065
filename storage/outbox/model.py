"""Read models of messages: to be sent, leased, posted, pending."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final


class SlackMethod(StrEnum):
    """How a message is delivered: the Slack method, each with a rate limit of its own, or a call of a webhook."""

    POST = "post"
    UPDATE = "update"
    ERASE = "erase"
    CALL = "call"
    PUBLISH = "publish"


DIRECT: Final = "direct"
"""Name of the bucket of all direct messages that are not posted yet."""


@dataclass(frozen=True, kw_only=True)
class Destination:
    """Where a message goes: a channel, a thread (`reply_to` is the key of the message to reply to), or a DM."""

    channel: str | None = None
    thread_ts: str | None = None
    reply_to: str | None = None
    user: str | None = None


@dataclass(frozen=True, kw_only=True)
class OutboxMessage:
    """A message to send. Its text is drawn from stored data when it is sent, and again whenever it is put again.

    `key` identifies the message: putting the key again updates the posted message in place. `kind` chooses how it is
    drawn; `payload` holds the few facts that drawing needs besides the handoff (ids and keys, never typed text).
    """

    workspace: str
    key: str
    kind: str
    handoff_id: str | None
    to: Destination
    payload: Mapping[str, Any] = field(default_factory=dict)
    erase: bool = False


HOME: Final = "home"
"""The kind of outbox message that is published as a person's Home tab."""


WELCOME: Final = "welcome"
"""The kind and the key of the message to who installs Baton: a workspace has one."""


def home_of(workspace: str, user: str) -> OutboxMessage:
    """Return the outbox message that draws a person's Home tab again; nothing is published if they do not look."""
    return OutboxMessage(
        workspace=workspace, key=f"{HOME}:{user}", kind=HOME, handoff_id=None, to=Destination(user=user)
    )


@dataclass(frozen=True, kw_only=True)
class OpenHome:
    """A Home tab that a person has opened: until when it is kept current, and what Slack shows of it.

    `view_hash` is Slack's hash of the view, None if it is not known; `digest` that of its content. `teams` are the
    keys of the teams that it shows, and `homes.covered_by_reader` of the people for whom its reader covers.
    """

    workspace: str
    user: str
    opened_at: datetime
    open_until: datetime
    view_hash: str | None = None
    digest: str | None = None
    teams: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class LeasedMessage:
    """An outbox row leased by this process until `lease_until`.

    `first_leased_at` is set if an earlier attempt had an unknown result. `lane` is the bucket of the channel or person
    to which it is posted; None if it is not a first post.
    """

    id: int
    wanted: OutboxMessage
    put_at: datetime
    attempts: int
    lease_until: datetime
    first_leased_at: datetime | None
    posted: PostedMessage | None
    lane: str | None = None


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """An outbox row that might be sent now, as far as the order of messages and rate limits depend on it."""

    id: int
    workspace: str
    key: str
    handoff_id: str | None
    method: SlackMethod
    lane: str | None
    """Bucket of the channel or person to which it is posted for the first time, or of the Home tab that is published:
    one at a time, in their order."""
    webhook: str | None
    """Key of the webhook to call."""
    opens_dm: bool
    """Whether the direct message's channel has to be asked for."""
    is_unsure: bool
    """Whether an earlier try may have been posted, so that it is searched for first."""
    in_thread: bool
    reply_to: str | None
    """Key of the message under which it is posted."""
    is_first_card: bool


@dataclass(frozen=True, kw_only=True)
class PostedMessage:
    """A message that Baton has posted in Slack: its location and what it was drawn from."""

    workspace: str
    key: str
    kind: str
    handoff_id: str | None
    to: Destination
    payload: Mapping[str, Any]
    channel: str
    ts: str
    permalink: str | None
    posted_at: datetime
    settled: bool = False
    """Whether nothing in it can become false any more, so that no change redraws it."""

    def to_outbox_message(self) -> OutboxMessage:
        """Return the outbox message that updates this message in place."""
        return OutboxMessage(
            workspace=self.workspace,
            key=self.key,
            kind=self.kind,
            handoff_id=self.handoff_id,
            to=self.to,
            payload=self.payload,
        )


@dataclass(frozen=True, kw_only=True)
class PendingMessage:
    """A message that waits or is being sent, for inspection.

    `not_before` is when it is tried next; `lease_until` is None while it waits; `refused_since` is when the first of
    its failed tries in a row was, of which `error` is the last reason.
    """

    wanted: OutboxMessage
    put_at: datetime
    not_before: datetime
    attempts: int
    lease_until: datetime | None
    error: str | None
    refused_since: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Refusals:
    """Messages that wait because Slack has refused them for a while with the same error code."""

    code: str
    count: int
    since: datetime
