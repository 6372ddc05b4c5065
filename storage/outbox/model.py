"""Messages as frozen read models: wanted, leased, posted, pending."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Destination:
    """Where a message goes: a channel, a thread in it (`reply_to` names the message key whose thread), or a person."""

    channel: str | None = None
    thread_ts: str | None = None
    reply_to: str | None = None
    user: str | None = None


@dataclass(frozen=True, kw_only=True)
class OutboxMessage:
    """A message the world must see: drawn from what is stored when it is sent, again whenever it is put again.

    `key` is the message's identity: putting it again redraws the posted message in place. `kind` chooses the view,
    `payload` holds the few facts the view needs besides the handoff (ids and keys, never typed words).
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
    """An outbox row in our hands until `lease_until`. `first_leased_at` is set when an earlier try has no known end."""

    id: int
    wanted: OutboxMessage
    put_at: datetime
    attempts: int
    lease_until: datetime
    first_leased_at: datetime | None
    posted: PostedMessage | None


@dataclass(frozen=True, kw_only=True)
class PostedMessage:
    """A message of ours that Slack has: where it is and what it shows."""

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

    def again(self) -> OutboxMessage:
        """The same message, to be drawn again in place."""
        return OutboxMessage(
            workspace=self.workspace,
            key=self.key,
            kind=self.kind,
            handoff_id=self.handoff_id,
            to=self.to,
            payload=self.payload,
        )


@dataclass(frozen=True, kw_only=True)
class Pending:
    """A message on its way, for people who look into it. `lease_until` is None while it waits."""

    wanted: OutboxMessage
    put_at: datetime
    not_before: datetime
    attempts: int
    lease_until: datetime | None
    error: str | None
