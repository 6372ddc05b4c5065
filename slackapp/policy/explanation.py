"""Says in sentences how a due instant comes about: which hours of which days count, and why others do not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from typing import Final

from slackapp.policy import business_hours, calendars, durations
from storage.records import Calendar

_MOST_DAYS: Final = 14
"""Longer spans are told by their first days and a sum."""
_DAY: Final = timedelta(days=1)


def explain(calendar: Calendar | None, start: datetime, seconds: float) -> tuple[str, ...]:
    """How `seconds` of open time after `start` are spent, one sentence per day, and when they are.

    `calendar` None is around the clock (or wall time), told in UTC.
    """
    due_at = business_hours.add(calendar, start, seconds)
    where = calendar.timezone if calendar else "UTC"
    end = f"That is {_moment(business_hours.local(calendar, due_at))} ({where})."
    if calendar is None:
        return (f"{_span(seconds)} around the clock from {_moment(start.astimezone(UTC))}.", end)
    days = list(_days(calendar, start, due_at))
    left = len(days) - _MOST_DAYS
    told = days if left <= 1 else [*days[: _MOST_DAYS - 1], f"And so on for {left + 1} more days."]
    return (*told, end)


def _days(calendar: Calendar, start: datetime, due_at: datetime) -> Iterator[str]:
    stretches = business_hours.working_days(calendar, start, due_at)
    worked = {day: list(spans) for day, spans in groupby(stretches, key=lambda span: span[0].date())}
    day, last = (business_hours.local(calendar, instant).date() for instant in (start, due_at))
    while day <= last:
        if day in worked:
            open_s = sum((closes - opens).total_seconds() for opens, closes in map(_in_utc, worked[day]))
            hours = ", ".join(f"{opens:%H:%M}–{closes:%H:%M}" for opens, closes in worked[day])
            yield f"{_name(day)}: {hours} counts {_span(open_s)}."
        else:
            yield f"{_name(day)}: {calendars.why_closed(calendar, day) or 'outside hours'}."
        day += _DAY


def _in_utc(span: tuple[datetime, datetime]) -> tuple[datetime, datetime]:
    """Differences of local times would forget that clocks change."""
    return span[0].astimezone(UTC), span[1].astimezone(UTC)


def _name(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b %Y}"


def _moment(instant: datetime) -> str:
    clock = f"{instant:%H:%M:%S}" if instant.second else f"{instant:%H:%M}"
    return f"{_name(instant.date())} at {clock}"


def _span(seconds: float) -> str:
    return durations.show_seconds(round(seconds))
