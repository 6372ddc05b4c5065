"""How a person gets messages by their own settings: right away, in their summary or never, and not in quiet hours.

What makes somebody accountable cannot be turned off: only the topics in `SETTABLE` can be chosen.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Final

from slackapp.clocks.rules import business_hours
from storage.clocks.model import Calendar, Interval
from storage.company.model import MessageDelivery, Person, PersonalSettings, Topic

SETTABLE: Final = (Topic.SENT, Topic.OWNED, Topic.WATCHED)
"""The topics that only inform: people may get them in their summary, or not at all."""
NEVER_HELD: Final = frozenset({Topic.OWN_ACTS})
"""Topics that quiet hours do not hold: the person has done something this moment."""
SUMMARY_AT: Final = time(9)
"""When a summary comes to somebody who has chosen no time and has no working hours of their own."""
MOST_QUIET_DAYS: Final = 4
_MINUTE: Final = timedelta(minutes=1)
_MIDNIGHT: Final = time()
_DAYS: Final = 7


def delivery_of(person: Person | None, topic: Topic) -> MessageDelivery:
    """Return how a person gets the messages of a topic."""
    if person is None or person.settings is None or topic not in SETTABLE:
        return MessageDelivery.NOW
    return person.settings.delivery(topic)


def quiet_until(person: Person | None, at: datetime) -> datetime:
    """Return the instant itself (UTC) if it is not in the person's quiet hours, else when those end."""
    return business_hours.opens_at(None if person is None else quiet_week(person), at)


def quiet_week(person: Person) -> Calendar | None:
    """Return the hours that are not quiet, as a calendar in the person's time zone; None without quiet hours."""
    chosen = person.settings
    if chosen is None or not (_has_hours(chosen) or chosen.quiet_days):
        return None
    day = _loud(chosen)
    return _calendar(person, tuple(() if number in chosen.quiet_days else day for number in range(_DAYS)))


def next_summary_at(person: Person, own_hours: Calendar | None, now: datetime) -> datetime:
    """Return when (UTC) a person's next summary comes, after `now`.

    That is at the time they chose, else when their own working day begins, else at nine in their time zone.
    """
    chosen = person.settings.summary_at if person.settings else None
    if chosen is None and own_hours is not None:
        return business_hours.next_opening(own_hours, now)
    begins = chosen or SUMMARY_AT
    ends = (datetime.combine(now.date(), begins) + _MINUTE).time()
    moment = Interval(start=begins, end=None if ends == _MIDNIGHT else ends)
    return business_hours.next_opening(_calendar(person, ((moment,),) * _DAYS), now)


def _has_hours(chosen: PersonalSettings) -> bool:
    return chosen.quiet_from is not None and chosen.quiet_until is not None


def _loud(chosen: PersonalSettings) -> tuple[Interval, ...]:
    """Return the hours of a day that are not quiet."""
    since, until = chosen.quiet_from, chosen.quiet_until
    if since is None or until is None:
        return (Interval(start=_MIDNIGHT, end=None),)
    if since > until:
        return (Interval(start=until, end=since),)
    before = (Interval(start=_MIDNIGHT, end=since),) if since > _MIDNIGHT else ()
    return (*before, Interval(start=until, end=None))


def _calendar(person: Person, hours: tuple[tuple[Interval, ...], ...]) -> Calendar:
    plain = Calendar(workspace=person.workspace, key="", timezone="UTC", hours=hours)
    return business_hours.in_zone(plain, person.tz)
