"""The only reader of time: everything that Baton decides or stores takes the present instant from a `Clock`.

Signatures, trigger ids and the time-outs of the network use real time instead. Demos and tests put the clock of a local
workspace in the place of the machine's: `slackapp.runtime.borrowed_clock`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """A source of the present instant."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        return datetime.now(UTC)
