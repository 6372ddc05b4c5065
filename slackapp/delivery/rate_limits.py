"""Slack's rate limits as data, and the arithmetic of when the next call is allowed.

Each bucket keeps one instant in the database, from which on a call is allowed. A call moves it by the rate's interval;
an idle bucket allows a small burst (the generic cell rate algorithm). Instants are on Baton's clock and are
only compared, never slept on.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from storage.outbox.model import Candidate, OutboxMessage, SlackMethod
from storage.outbox.pacing import bucket_name

_LONG_AGO: Final = datetime(1970, 1, 2, tzinfo=UTC)
POST: Final = "chat.postMessage"
PUBLISH: Final = "views.publish"
LIMITED: Final = ":limited"


@dataclass(frozen=True, kw_only=True)
class Rate:
    """A rate limit: one call every `every_s` seconds in the long run, `burst` at once after a pause."""

    every_s: float
    burst: int = 1


@dataclass(frozen=True, kw_only=True)
class Rates:
    """Rate limits of a workspace: per method, per channel for posting, and per person for their Home tab."""

    methods: Mapping[str, Rate]
    channel: Rate
    home: Rate = Rate(every_s=0.0)


SLACK: Final = Rates(
    # docs.slack.dev/apis/web-api/rate-limits; bursts are undisclosed, so ours plus a minute's calls stay within a tier.
    methods={
        POST: Rate(every_s=0.25, burst=50),  # special tier: "several hundred per minute" and workspace
        "chat.update": Rate(every_s=1.5, burst=10),  # tier 3: 50 a minute and workspace, all channels together
        "chat.delete": Rate(every_s=1.5, burst=10),  # tier 3
        "conversations.open": Rate(every_s=1.5, burst=10),  # tier 3
        "conversations.history": Rate(every_s=1.5, burst=10),  # tier 3 (1 a minute for some apps: their 429 says so)
        "conversations.replies": Rate(every_s=1.5, burst=10),  # as above
        PUBLISH: Rate(every_s=0.6, burst=20),  # tier 4: more than 100 a minute; few at once, since all are drawn first
    },
    channel=Rate(every_s=1.35, burst=2),  # chat.postMessage: one a second and channel, short bursts tolerated
    home=Rate(every_s=1.0),  # ours: what a person looks at does not change faster than they read
)
WEBHOOK: Final = Rate(every_s=1.0, burst=10)
"""Calls of one address outside Slack: one that hangs must not take all the places from which we send."""
UNPACED: Final = Rates(methods={}, channel=Rate(every_s=0.0))
"""No limits of our own: for a server that has none."""
LONGEST_BURST: Final = timedelta(seconds=60)
"""A bucket that was last used longer ago than this is as good as new, at every rate above."""


_METHODS: Final = {
    POST: SlackMethod.POST,
    "chat.update": SlackMethod.UPDATE,
    "chat.delete": SlackMethod.ERASE,
    PUBLISH: SlackMethod.PUBLISH,
}
_CALLS: Final = {method: name for name, method in _METHODS.items()}


def method_bucket(workspace: str, method: str) -> str:
    """Key of the bucket of a method in a workspace, which is what Slack's 429 limits."""
    return bucket_name(workspace, _METHODS.get(method, method))


def limited_bucket(lane: str) -> str:
    """Key of the bucket that remembers that Slack, not we, limits posting to a channel or person."""
    return lane + LIMITED


def webhook_bucket(wanted: OutboxMessage) -> str:
    """Key of the bucket of a webhook."""
    return bucket_name(wanted.workspace, f"webhook:{wanted.payload.get('webhook')}")


def calls(one: Candidate) -> list[str]:
    """The rate-limited methods that sending this message will call."""
    if one.method is not SlackMethod.POST:
        return [_CALLS[one.method]]
    methods = [POST]
    if one.opens_dm:
        methods.append("conversations.open")
    if one.is_unsure:
        methods.append("conversations.replies" if one.in_thread else "conversations.history")
    return methods


def buckets(one: Candidate, rates: Rates) -> dict[str, Rate]:
    """Keys of all buckets that sending this message takes from, with their rates."""
    if one.method is SlackMethod.CALL:
        return {bucket_name(one.workspace, f"webhook:{one.webhook}"): WEBHOOK}
    free = Rate(every_s=0.0)
    wanted = {bucket_name(one.workspace): free}
    wanted |= {method_bucket(one.workspace, method): rates.methods.get(method, free) for method in calls(one)}
    if one.lane is not None:
        wanted[one.lane] = rates.home if one.method is SlackMethod.PUBLISH else rates.channel
    return wanted


@dataclass(kw_only=True)
class Slots:
    """The next-allowed instants of several buckets, from which a batch of messages takes its slots."""

    now: datetime
    allowed: Mapping[str, datetime]
    taken: dict[str, datetime] = field(default_factory=dict)
    """New instants of the buckets that were drawn from: to be stored."""

    def take(self, wanted: Mapping[str, Rate]) -> Collection[str]:
        """Take one call from every bucket if all allow it now; else return those that do not."""
        allowed = {name: self._next(name) for name in wanted}
        refusing = [name for name, instant in allowed.items() if instant > self.now]
        if not refusing:
            moved = {name: _after(allowed[name], rate, self.now) for name, rate in wanted.items() if rate.every_s}
            self.taken.update(moved)
        return refusing

    def _next(self, name: str) -> datetime:
        return self.taken.get(name) or self.allowed.get(name, _LONG_AGO)


def _after(allowed: datetime, rate: Rate, at: datetime) -> datetime:
    """The instant from which the next call is allowed, after one made at `at` that was allowed from `allowed` on."""
    every = timedelta(seconds=rate.every_s)
    slack = every * (rate.burst - 1)
    return max(at, allowed + slack) + every - slack
