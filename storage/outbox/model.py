"""Read models of messages: to be sent, leased, posted, pending."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


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


@dataclass(frozen=True, kw_only=True)
class LeasedMessage:
    """An outbox row leased by this process until `lease_until`.

    `first_leased_at` is set if an earlier attempt had an unknown result.
    """

    id: int
    wanted: OutboxMessage
    put_at: datetime
    attempts: int
    lease_until: datetime
    first_leased_at: datetime | None
    posted: PostedMessage | None


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
    """A message that waits or is being sent, for inspection. `lease_until` is None while it waits."""

    wanted: OutboxMessage
    put_at: datetime
    not_before: datetime
    attempts: int
    lease_until: datetime | None
    error: str | None
