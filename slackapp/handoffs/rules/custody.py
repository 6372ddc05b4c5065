"""Custody: the person who held a handoff, for how long, and the share of the clock's target that this used.

A span without an owner is measured by the claim clock, one with an owner by the finish clock; the share is the open
time that the clock ran in it, divided by the clock's target.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from slackapp.clocks.rules import business_hours, timekeeping
from storage.clocks.model import Calendar, ClockKind, Timer
from storage.handoffs.model import Custody

_MEASURE: Final[Mapping[bool, ClockKind]] = {False: ClockKind.CLAIM, True: ClockKind.FINISH}


@dataclass(frozen=True, kw_only=True)
class CustodySpan:
    """A span in which one person held a handoff: as its owner, or as accountable while nobody owned it."""

    holder: str
    """A user id, or `queue:<key>` for its managers."""
    owned: bool
    since: datetime
    until: datetime | None
    """None for the current span."""
    clock: ClockKind
    target_s: int | None = None
    """The clock's target; None where no clock ran."""
    used_s: float = 0.0
    """Open seconds that the clock counted in this span."""

    @property
    def share(self) -> float | None:
        """The used share of the clock's target, 1 for all of it; None without a clock."""
        return self.used_s / self.target_s if self.target_s else None

    def length(self, now: datetime) -> timedelta:
        """The length of the span in wall-clock time."""
        return (self.until or now) - self.since


def span_of(entry: Custody) -> CustodySpan:
    """A custody entry as a span of its owner, or of the accountable person, not measured yet."""
    owned = entry.owner is not None
    holder = entry.owner or entry.accountable
    return CustodySpan(holder=holder, owned=owned, since=entry.since, until=entry.until, clock=_MEASURE[owned])


def holders(custody: Iterable[Custody]) -> set[str]:
    """Everybody who owned it or was accountable for it."""
    return {user for one in custody for user in (one.owner, one.accountable) if user}


def measure(
    span: CustodySpan, timers: Sequence[Timer], calendars: Mapping[str, Calendar], now: datetime
) -> CustodySpan:
    """The span with the target and the used seconds of the last clock of its kind that ran in it."""
    until = span.until or now
    ran = [timer for timer in timers if timer.clock is span.clock and _overlaps(timer, span.since, until)]
    if not ran:
        return span
    timer = max(ran, key=lambda found: found.started_at)
    calendar = calendars.get(timer.calendar or "")
    start, end = max(span.since, timer.started_at), min(until, timer.stopped_at or until)
    wall = (end - start).total_seconds()
    open_s = wall if timer.wall else business_hours.between(calendar, start, end)
    # A clock that was paused, such as by a snooze, counted less than the open time.
    return replace(span, target_s=timer.target_s, used_s=min(open_s, timekeeping.consumed(timer, calendar, now)))


def _overlaps(timer: Timer, since: datetime, until: datetime) -> bool:
    begins = timer.started_at < until or timer.started_at == since
    return begins and (timer.stopped_at is None or timer.stopped_at > since)
