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


def spans(
    custody: Iterable[Custody], timers: Sequence[Timer], calendars: Mapping[str, Calendar], now: datetime
) -> list[CustodySpan]:
    """The custody as measured spans, in order; an owner holds it even while somebody else is still accountable.

    Args:
        custody: who answered for it from when to when, in order.
        timers: every run of its clocks, stopped ones too.
        calendars: those that the clocks go by, by key.
        now: the present instant.
    """
    return [measure(stretch, timers, calendars, now) for stretch in _joined(custody)]


def span_of(one: Custody) -> CustodySpan:
    """A custody entry as a span of its owner, or of the accountable person, not measured yet."""
    owned = one.owner is not None
    holder = one.owner or one.accountable
    return CustodySpan(holder=holder, owned=owned, since=one.since, until=one.until, clock=_MEASURE[owned])


def holders(custody: Iterable[Custody]) -> set[str]:
    """Everybody who owned it or was accountable for it."""
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
    """The span with the target and the used seconds of the last clock of its kind that ran in it."""
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
