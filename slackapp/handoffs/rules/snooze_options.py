"""The moments that a snooze offers, and the limits of any other one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Final

from slackapp.clocks.rules import business_hours
from slackapp.slack.field_problems import FieldProblem
from storage.clocks.model import WEEKDAYS, Calendar, Interval

LONGEST: Final = timedelta(days=60)

WORKDAYS: Final = Calendar(
    workspace="",
    key="",
    timezone="UTC",
    hours=(*((Interval(start=time(9), end=time(18)),) for _ in WEEKDAYS[:5]), (), ()),
)
"""Working hours where none are configured: Monday to Friday, 9 to 6."""

_SOON: Final = timedelta(hours=1)
_NOON: Final = time(13)
_MORNING: Final = time(9)
_NIGHT: Final = 5
"""A day that opens before this hour is worked around the clock: its morning begins at nine."""
_MOMENT: Final = timedelta(seconds=1)
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class SnoozeOption:
    """A moment that a snooze offers. `key` is `1h`, `afternoon`, `tomorrow` or `monday`."""

    key: str
    until: datetime
    """In the time zone of the person who chooses."""
    days: int
    """Local days from today; 0 is today."""


def offered(hours: Calendar | None, timezone: str | None, now: datetime) -> tuple[SnoozeOption, ...]:
    """The moments offered now, earliest first, each once.

    In an hour, this afternoon, when work begins tomorrow (or on the next day that is worked), and when it begins next
    week.

    Args:
        hours: when they work; None if nobody has said.
        timezone: their zone, in which moments are told. None is that of `hours`.
        now: the present instant.
    """
    calendar = hours or business_hours.in_zone(WORKDAYS, timezone)
    clock = business_hours.in_zone(calendar, timezone)  # their own hours may be those of another zone
    today = business_hours.to_local(clock, now).date()
    found: list[SnoozeOption] = []
    for key, instant in _moments(calendar, business_hours.to_local(calendar, now).date(), now):
        until = business_hours.to_local(clock, instant)
        if problem(until, now) is None and all(rest.until != until for rest in found):
            found.append(SnoozeOption(key=key, until=until, days=(until.date() - today).days))
    return tuple(sorted(found, key=lambda rest: rest.until))


def personal_week(team: Calendar) -> Calendar:
    """Return a team's hours as those of one of its people: of a team that works every day, Monday to Friday."""
    return replace(team, hours=(*team.hours[:5], (), ())) if all(team.hours) else team


def problem(until: datetime | None, now: datetime) -> FieldProblem | None:
    """The reason why work cannot be snoozed until then; None if it can."""
    if until is None:
        return FieldProblem.NO_MOMENT
    if until <= now:
        return FieldProblem.IN_THE_PAST
    return FieldProblem.TOO_FAR if until > now + LONGEST else None


def _moments(calendar: Calendar, today: date, now: datetime) -> Iterator[tuple[str, datetime]]:
    yield "1h", now + _SOON
    afternoon = business_hours.opens_at(calendar, _at(calendar, today, _NOON))
    if business_hours.to_local(calendar, afternoon).date() == today:
        yield "afternoon", afternoon
    yield "tomorrow", _opening(calendar, today + _DAY)
    yield "monday", _opening(calendar, today + (7 - today.weekday()) * _DAY)


def _opening(calendar: Calendar, day: date) -> datetime:
    """The instant at which work begins on that day, or on the next working day."""
    opens = business_hours.next_opening(calendar, _at(calendar, day, time()) - _MOMENT)
    local = business_hours.to_local(calendar, opens)
    if local.hour >= _NIGHT:
        return opens
    return business_hours.opens_at(calendar, _at(calendar, local.date(), _MORNING))


def _at(calendar: Calendar, day: date, moment: time) -> datetime:
    return business_hours.to_local(calendar, datetime.combine(day, moment))
