"""Decide whether a person is available for a message, right before it is sent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from slackapp.capability import RemindedClock
from slackapp.clocks.queries import terms, terms_of
from slackapp.people.rules.availability import Availability, availability, hours_of, woken
from storage.clocks import policies
from storage.clocks.model import Calendar
from storage.company import people
from storage.db.database import Tx


def availability_for(tx: Tx, workspace: str, user: str, about: Sequence[RemindedClock], now: datetime) -> Availability:
    """Return when a person is available for a message about these clocks: as early as for any of them.

    At once if the policy of one of them lets its priority wake people. Otherwise a person without a calendar of their
    own is available in the working hours of any team that the message is about.
    """
    person = people.get(tx, workspace, user)
    own = policies.get_calendar_of_person(tx, person)
    teams = [None] if own else _calendars(tx, about)
    can = _earliest(availability(person, hours_of(person, own, team), now) for team in teams)
    return woken(can, now) if any(_wakes(tx, one) for one in about) else can


def _calendars(tx: Tx, about: Sequence[RemindedClock]) -> list[Calendar | None]:
    """Return the calendars of the teams that the message is about, each once; `[None]` if it is about none."""
    queues = {one.queue.key: one.queue for one in about}
    return [policies.get_calendar_of_queue(tx, queue) for queue in queues.values()] or [None]


def _earliest(found: Iterable[Availability]) -> Availability:
    return min(found, key=lambda one: (one.at is None, one.at.timestamp() if one.at else 0.0))


def _wakes(tx: Tx, subject: RemindedClock) -> bool:
    """Whether the handoff's priority wakes people, by the policy that the clock runs under."""
    timer = subject.timer
    return (terms_of(tx, timer) if timer else terms(tx, subject.queue)).wakes(subject.handoff)
