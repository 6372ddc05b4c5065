"""Slack's rate limits (docs.slack.dev, apis/web-api/rate-limits), per method, on the workspace's clock.

Slack promises "N or more" calls a minute and keeps its bursts secret. Here N is the limit, so that an app
that passes is safe. chat.postMessage: one message a second and channel with a short burst, and a few hundred a
minute for the workspace.
"""

import math
from collections import deque
from dataclasses import dataclass, field
from typing import Final

from slackapp.local.protocol.errors import SlackError


@dataclass(frozen=True, kw_only=True)
class RateLimit:
    """At most `calls` within any `window_s` seconds."""

    calls: int
    window_s: float = 60.0


TIER_1: Final = RateLimit(calls=1)
TIER_2: Final = RateLimit(calls=20)
TIER_3: Final = RateLimit(calls=50)
TIER_4: Final = RateLimit(calls=100)
SPECIAL: Final = RateLimit(calls=300)
"""Methods without a tier: "hundreds a minute"."""
POSTING: Final = RateLimit(calls=300)
POSTING_PER_CHANNEL: Final = RateLimit(calls=5, window_s=4.5)
"""About one a second, at most five at once; an even pace of one a second passes although clocks jitter."""


@dataclass(slots=True)
class RateLimits:
    """Remembers when each method was called."""

    enabled: bool = True
    _seen: dict[str, deque[float]] = field(default_factory=dict)

    def spend(self, key: str, limit: RateLimit, now: float) -> None:
        """Count one call under `key`; raise `ratelimited` with Retry-After if it is one too many."""
        if not self.enabled:
            return
        seen = self._seen.setdefault(key, deque())
        while seen and not now - limit.window_s < seen[0] <= now:
            seen.popleft()  # too old, or from before the clock was moved back
        if len(seen) >= limit.calls:
            wait = max(1, math.ceil(seen[0] + limit.window_s - now))
            raise SlackError("ratelimited", status=429, headers={"Retry-After": str(wait)})
        seen.append(now)

    def clear(self) -> None:
        """Forget all calls."""
        self._seen.clear()
