"""When a queue's digest is due, and the period it covers: at the start of each local working day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from slackapp.clocks.rules import business_hours
from storage.clocks.model import Calendar

_LONGEST_BREAK: Final = timedelta(days=14)
"""How far back the previous working day is looked for."""
_A_YEAR: Final = timedelta(days=366)
_A_DAY: Final = timedelta(days=2)
"""Longer than any local day."""


@dataclass(frozen=True, kw_only=True)
class DigestWindow:
    """A queue's working day; its digest lists deadlines missed from `since` on and those due by `until`."""

    day: str
    """Local date as ISO 8601: 2026-03-02."""
    since: datetime
    """Start of the previous working day (UTC)."""
    until: datetime
    """Last closing time of the day (UTC)."""


def next_digest_at(calendar: Calendar, now: datetime) -> datetime | None:
    """The first instant (UTC) after `now` at which a local day's work begins; None if there is none within a year.

    A midnight during working hours does not count, so a team that never closes has no mornings.
    """
    seen: set[date] = set()
    closed_at = None
    for opens, closes in business_hours.local_open_stretches(calendar, now - _A_DAY, now + _A_YEAR):
        begins = opens != closed_at and opens.date() not in seen
        if begins and opens > now:
            return opens.astimezone(UTC)
        if begins:
            seen.add(opens.date())
        closed_at = closes
    return None


def digest_day(calendar: Calendar, opened_at: datetime, now: datetime) -> DigestWindow | None:
    """The working day at `now`, for a digest that has been due since `opened_at`; None outside working hours.

    After an outage of several days there is one digest, which covers everything since the day before the first digest
    that was missed.
    """
    if business_hours.opens_at(calendar, now) > now:
        return None
    today = business_hours.to_local(calendar, now).date()
    ends = [
        closes
        for opens, closes in business_hours.local_open_stretches(calendar, now, now + _A_DAY)
        if opens.date() == today
    ]
    return DigestWindow(day=today.isoformat(), since=_day_before(calendar, opened_at), until=max(ends).astimezone(UTC))


def _day_before(calendar: Calendar, opened_at: datetime) -> datetime:
    """Start (UTC) of the last working day before the local day of `opened_at`."""
    day = business_hours.to_local(calendar, opened_at).date()
    begins: dict[date, datetime] = {}
    for opens, _ in business_hours.local_open_stretches(calendar, opened_at - _LONGEST_BREAK, opened_at):
        if opens.date() < day:
            begins.setdefault(opens.date(), opens)
    return begins[max(begins)].astimezone(UTC) if begins else opened_at - _LONGEST_BREAK
