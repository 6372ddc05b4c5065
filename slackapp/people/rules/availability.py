"""Whether a person can be notified now, and if not, why and from when on; decided from stored facts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from slackapp.clocks.rules import business_hours
from slackapp.people.rules.personal_settings import quiet_week
from slackapp.people.rules.standing import is_admitted
from storage.clocks.model import Calendar
from storage.company.model import Person

_ROUNDS: Final = 3
"""An away status ends in the first round; the opening after it may lie in Do Not Disturb, which ends in the second;
the third finds nothing more, unless the hours never open.
"""
_QUIET_ROUNDS: Final = 21
"""Quiet hours may lie over the opening of each day for a while, but not for three weeks: then they count for nothing,
so that nobody is out of reach by their own choice.
"""


class Unavailable(StrEnum):
    """The reasons why a person cannot be notified now, in order of precedence."""

    GONE = "gone"
    """Deactivated, a bot, or of another workspace: never available."""
    DND = "dnd"
    """Their notifications are paused."""
    AWAY = "away"
    """They have set themselves away, or their status says so, until an instant."""
    QUIET = "quiet_hours"
    """In the quiet hours that they chose."""
    HOURS = "hours"
    """Outside their working hours."""


@dataclass(frozen=True, kw_only=True)
class Availability:
    """The instant from which a person can be notified (`at`; None if never), and the reason if that is not now."""

    at: datetime | None
    why: Unavailable | None = None


def availability(person: Person | None, hours: Calendar | None, now: datetime) -> Availability:
    """The first instant at which a person can be notified, and the reason if that is not now.

    A person unknown to the directory counts as available: a message at a bad moment is better than none.

    Args:
        person: as stored.
        hours: their working hours (`hours_of`); None for always.
        now: the present instant.

    Returns:
        The first instant from now on at which no reason for silence holds any more, and the first reason that holds
        now. Exactly one who can hear now has no reason.
    """
    now = now.astimezone(UTC)
    if person is None:
        return Availability(at=now)
    if not is_admitted(person):
        return Availability(at=None, why=Unavailable.GONE)
    at, quiet = _available_at(person, hours, now)
    return Availability(at=at, why=None if at == now else _why(person, hours, quiet, now))


def woken(found: Availability, now: datetime) -> Availability:
    """The availability for a message whose priority wakes people: at once at any hour, unless they are gone."""
    return found if found.at is None else Availability(at=now)


def hours_of(person: Person | None, own: Calendar | None, team: Calendar | None) -> Calendar | None:
    """A person's working hours: their own calendar, else the team's in their profile's zone; None for always.

    The team's holidays and closed days stay, in both zones: they are agreed in the team.
    """
    if own is not None or team is None or person is None:
        return own or team
    return business_hours.in_zone(team, person.tz)


def _why(person: Person, hours: Calendar | None, quiet: Calendar | None, now: datetime) -> Unavailable | None:
    if _after_dnd(person, now) > now:
        return Unavailable.DND
    if _after_away(person, now) > now:
        return Unavailable.AWAY
    if business_hours.opens_at(quiet, now) > now:
        return Unavailable.QUIET
    return Unavailable.HOURS if business_hours.opens_at(hours, now) > now else None


def _available_at(person: Person, hours: Calendar | None, now: datetime) -> tuple[datetime | None, Calendar | None]:
    """Return the first instant at which no reason holds, None if there is none; and the quiet hours that count."""
    at = _without_reason(person, hours, None, now, _ROUNDS)
    quiet = quiet_week(person)
    later = None if at is None or quiet is None else _without_reason(person, hours, quiet, at, _QUIET_ROUNDS)
    return (at, None) if later is None else (later, quiet)


def _without_reason(
    person: Person, hours: Calendar | None, quiet: Calendar | None, at: datetime, rounds: int
) -> datetime | None:
    for _ in range(rounds):
        later = business_hours.opens_at(quiet, _after_dnd(person, _after_away(person, at)))
        later = business_hours.opens_at(hours, later)
        if later == at:
            return at
        at = later
    return None


def _after_dnd(person: Person, at: datetime) -> datetime:
    if person.dnd_until is None or (person.dnd_from is not None and at < person.dnd_from):
        return at
    return max(at, person.dnd_until)


def _after_away(person: Person, at: datetime) -> datetime:
    return max([at, *(until for until in (person.away_until, person.absent_until) if until is not None)])
