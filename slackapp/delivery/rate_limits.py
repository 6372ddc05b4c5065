"""Slack's rate limits as data, and the arithmetic of when the next call is allowed.

Each bucket keeps one instant in the database, from which on a call is allowed. A call moves it by the rate's interval;
an idle bucket allows a small burst (the generic cell rate algorithm). Instants are on Baton's clock and are
only compared, never slept on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from storage.outbox.leasing import OUTSIDE
from storage.outbox.model import LeasedMessage, OutboxMessage
from storage.outbox.pacing import SlackMethod, bucket_name

_LONG_AGO: Final = datetime(1970, 1, 2, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Rate:
    """A rate limit: one call every `every_s` seconds in the long run, `burst` at once after a pause."""

    every_s: float
    burst: int = 1


@dataclass(frozen=True, kw_only=True)
class Rates:
    """Rate limits of a workspace: per method, and per channel for posting."""

    methods: Mapping[str, Rate]
    channel: Rate


SLACK: Final = Rates(
    # docs.slack.dev/apis/web-api/rate-limits; bursts are undisclosed, so ours plus a minute's calls stay within a tier.
    methods={
        "chat.postMessage": Rate(every_s=0.25, burst=50),  # special tier: "several hundred per minute" and workspace
        "chat.update": Rate(every_s=1.5, burst=10),  # tier 3: 50 a minute and workspace, all channels together
        "chat.delete": Rate(every_s=1.5, burst=10),  # tier 3
        "conversations.open": Rate(every_s=1.5, burst=10),  # tier 3
        "conversations.history": Rate(every_s=1.5, burst=10),  # tier 3 (1 a minute for some apps: their 429 says so)
    },
    channel=Rate(every_s=1.35, burst=2),  # chat.postMessage: one a second and channel, short bursts tolerated
)
WEBHOOK: Final = Rate(every_s=1.0, burst=10)
"""Calls of one address outside Slack: one that hangs must not take all the places from which we send."""
UNPACED: Final = Rates(methods={}, channel=Rate(every_s=0.0))
"""No limits of our own: for a server that has none."""


_METHODS: Final = {
    "chat.postMessage": SlackMethod.POST,
    "chat.update": SlackMethod.UPDATE,
    "chat.delete": SlackMethod.ERASE,
}


def method_bucket(workspace: str, method: str) -> str:
    """Key of the bucket of a method in a workspace, which is what Slack's 429 limits."""
    return bucket_name(workspace, _METHODS.get(method, method))


def webhook_bucket(wanted: OutboxMessage) -> str:
    """Key of the bucket of a webhook."""
    return bucket_name(wanted.workspace, f"webhook:{wanted.payload.get('webhook')}")


def calls(row: LeasedMessage) -> list[str]:
    """The rate-limited methods that sending this message will call."""
    if row.wanted.erase:
        return ["chat.delete"]
    if row.posted is not None:
        return ["chat.update"]
    methods = ["chat.postMessage"]
    if row.wanted.to.user:
        methods.append("conversations.open")
    if row.first_leased_at is not None:
        methods.append("conversations.history")
    return methods


def buckets(row: LeasedMessage, rates: Rates, *, channel: str | None) -> dict[str, Rate]:
    """Keys of all buckets that sending this message takes from; `channel` is the channel or person it is posted to."""
    workspace = row.wanted.workspace
    if row.wanted.kind == OUTSIDE:
        return {webhook_bucket(row.wanted): WEBHOOK}
    free = Rate(every_s=0.0)
    wanted = {bucket_name(workspace): free}
    wanted |= {method_bucket(workspace, method): rates.methods.get(method, free) for method in calls(row)}
    if channel and row.posted is None and not row.wanted.erase:
        wanted[bucket_name(workspace, channel)] = rates.channel
    return wanted


@dataclass(kw_only=True)
class Slots:
    """The next-allowed instants of several buckets, from which a batch of messages takes its slots."""

    now: datetime
    allowed: Mapping[str, datetime]
    taken: dict[str, datetime] = field(default_factory=dict)
    """New instants of the buckets that were drawn from: to be stored."""
    _queued: dict[str, datetime] = field(default_factory=dict)

    def take(self, wanted: Mapping[str, Rate]) -> datetime | None:
        """Take one call from every bucket; None if all allow it now, else the instant at which they will."""
        allowed = {name: self._next(name) for name in wanted}
        blocked = {name for name, instant in allowed.items() if instant > self.now}
        turn = max((allowed[name] for name in blocked), default=self.now)
        moved = {name: _after(allowed[name], rate, turn) for name, rate in wanted.items() if rate.every_s}
        if blocked:  # the next call queues behind this one in the bucket that blocks it; the other buckets stay free
            self._queued.update({name: instant for name, instant in moved.items() if name in blocked})
            return turn
        self.taken.update(moved)
        return None

    def _next(self, name: str) -> datetime:
        known: Iterable[Mapping[str, datetime]] = (self.allowed, self.taken, self._queued)
        return max((instants[name] for instants in known if name in instants), default=_LONG_AGO)


def _after(allowed: datetime, rate: Rate, at: datetime) -> datetime:
    """The instant from which the next call is allowed, after one made at `at` that was allowed from `allowed` on."""
    every = timedelta(seconds=rate.every_s)
    slack = every * (rate.burst - 1)
    return max(at, allowed + slack) + every - slack
