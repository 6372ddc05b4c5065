"""Who held a handoff how long, and how much of the clock each of them used: accountability as a strip of numbers.

A stretch without an owner is measured by the claim clock, one with an owner by the finish clock; the share is the open
time that the clock ran in it against the clock's target.
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
    """A stretch in which one person had it: as its owner, or as whoever answers for it while nobody does."""

    holder: str
    """A user id, or `queue:<key>` for its managers."""
    owned: bool
    since: datetime
    until: datetime | None
    """None for the present stretch."""
    clock: ClockKind
    target_s: int | None = None
    """What the clock allows; None where none ran."""
    used_s: float = 0.0
    """Open time that the clock counted in this stretch."""

    @property
    def share(self) -> float | None:
        """How much of the clock's target it used, 1 for all of it; None without a clock."""
        return self.used_s / self.target_s if self.target_s else None

    def length(self, now: datetime) -> timedelta:
        """How long it was held, by the wall."""
        return (self.until or now) - self.since


def spans(
    custody: Iterable[Custody], timers: Sequence[Timer], calendars: Mapping[str, Calendar], now: datetime
) -> list[CustodySpan]:
    """Who had it, stretch by stretch in order, measured. An owner has it too while somebody else still answers for it.

    Args:
        custody: who answered for it from when to when, in order.
        timers: every run of its clocks, stopped ones too.
        calendars: those that the clocks go by, by key.
        now: the present instant.
    """
    return [measure(stretch, timers, calendars, now) for stretch in _joined(custody)]


def span_of(one: Custody) -> CustodySpan:
    """A stretch by who had it."""
    owned = one.owner is not None
    holder = one.owner or one.accountable
    return CustodySpan(holder=holder, owned=owned, since=one.since, until=one.until, clock=_MEASURE[owned])


def holders(custody: Iterable[Custody]) -> set[str]:
    """Everybody who had it or answered for it."""
    return {user for one in custody for user in (one.owner, one.accountable) if user}


def _joined(custody: Iterable[Custody]) -> list[CustodySpan]:
    found: list[CustodySpan] = []
    for stretch in map(span_of, custody):
        last = found[-1] if found else None
        if last and (last.holder, last.owned, last.until) == (stretch.holder, stretch.owned, stretch.since):
            found[-1] = replace(last, until=stretch.until)
        else:
            found.append(stretch)
    return found


def measure(one: CustodySpan, timers: Sequence[Timer], calendars: Mapping[str, Calendar], now: datetime) -> CustodySpan:
    """The stretch with what the last clock of its kind that ran in it says."""
    until = one.until or now
    ran = [timer for timer in timers if timer.clock is one.clock and _overlaps(timer, one.since, until)]
    if not ran:
        return one
    timer = max(ran, key=lambda found: found.started_at)
    calendar = calendars.get(timer.calendar or "")
    start, end = max(one.since, timer.started_at), min(until, timer.stopped_at or until)
    wall = (end - start).total_seconds()
    open_s = wall if timer.wall else business_hours.between(calendar, start, end)
    # A clock that stood still, such as in a snooze, counted less than was open.
    return replace(one, target_s=timer.target_s, used_s=min(open_s, timekeeping.consumed(timer, calendar, now)))


def _overlaps(timer: Timer, since: datetime, until: datetime) -> bool:
    begins = timer.started_at < until or timer.started_at == since
    return begins and (timer.stopped_at is None or timer.stopped_at > since)
