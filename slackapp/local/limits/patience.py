"""Slack's time limits for an app in real seconds, and the factor that stretches them for a busy machine.

Only waits of the network are stretched. The thirty minutes of a response_url and the minutes between two deliveries of
an event are read from the workspace's clock, which tests move, so that no machine is too slow for them.
"""

import math
from dataclasses import dataclass
from typing import Final

ACK_WITHIN_S: Final = 3.0
"""Slack waits three seconds for an acknowledgement (docs.slack.dev, interactivity/handling-user-interaction)."""
TRIGGER_LIFE_S: Final = 3.0
"""A trigger_id expires three seconds after it was issued (the same page)."""
INSPECTION_WITHIN_S: Final = 5.0
"""Seconds the page waits for what the app keeps about a message; ours, not Slack's."""


@dataclass(kw_only=True, slots=True)
class Patience:
    """The waits in seconds, each `factor` times as long as Slack's own."""

    factor: float = 1.0

    @property
    def ack_s(self) -> float:
        """Return how long the app may take to acknowledge a payload."""
        return ACK_WITHIN_S * self.factor

    @property
    def trigger_life_s(self) -> float:
        """Return how long a trigger_id is good for."""
        return TRIGGER_LIFE_S * self.factor

    @property
    def inspection_s(self) -> float:
        """Return how long the app may take to tell what it keeps about a message."""
        return INSPECTION_WITHIN_S * self.factor


def read_factor(text: str) -> float:
    """Return a factor as it is written in a setting; raise ValueError unless it is a finite number above 0."""
    factor = float(text)
    if not math.isfinite(factor) or factor <= 0:
        raise ValueError(f"patience has to be a number above 0, not {text}")
    return factor
