"""The source of the present time: everything that Baton decides or stores takes it from a `Clock`.

Signatures, trigger ids and network time-outs use real time instead. Demos and tests replace the system clock by that of
a local workspace: `slackapp.runtime.borrowed_clock`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """A source of the present time."""

    def now(self) -> datetime:
        """Return the present time, aware, in UTC."""
        ...


class SystemClock:
    """The system clock."""

    def now(self) -> datetime:
        """Return the present time, aware, in UTC."""
        return datetime.now(UTC)
