"""A clock that stands still until a test moves it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

MONDAY_9 = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)


class ManualClock:
    """Baton's clock in tests: `advance` moves it and tells whoever listens."""

    def __init__(self, now: datetime = MONDAY_9) -> None:
        self._now = now
        self._callbacks: list[Callable[[], None]] = []

    def now(self) -> datetime:
        return self._now

    def on_change(self, callback: Callable[[], None]) -> None:
        self._callbacks.append(callback)

    def advance(self, by: timedelta) -> None:
        self.set(self._now + by)

    def set(self, now: datetime) -> None:
        self._now = now
        for callback in self._callbacks:
            callback()
