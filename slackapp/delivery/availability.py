"""Decide right before a message is sent whether its reader is available, and how they chose to get it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from slackapp.capability import MessageKind, RemindedClock
from slackapp.clocks.queries import terms, terms_of
from slackapp.delivery.model import ForSummary, NotWanted, Outcome, ReaderUnavailable
from slackapp.people.rules.availability import Availability, Unavailable, availability, hours_of, woken
from slackapp.people.rules.covering import held_for_return
from slackapp.people.rules.personal_settings import (
    NEVER_HELD,
    SETTABLE,
    delivery_of,
    next_summary_at,
    quiet_until,
)
from storage.clocks import policies
from storage.clocks.model import Calendar
from storage.company import people, queues
from storage.company.model import MessageDelivery, Person
from storage.db.database import Tx
from storage.handoffs.model import Handoff
from storage.outbox.model import OutboxMessage


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


def by_choice(  # noqa: PLR0917 - what a message waits for
    tx: Tx, reader: Person, wanted: OutboxMessage, kind: MessageKind[Any], scene: Any, now: datetime
) -> Outcome | None:
    """Return the outcome by which a message that is no reminder is not sent to its reader now; None if it is sent.

    An absence goes before a summary, since what came meanwhile is told at once on the return. Quiet hours do not hold
    what makes the reader accountable if the handoff's priority wakes people.
    """
    topic = kind.topic(wanted.payload)
    chosen = delivery_of(reader, topic)
    if chosen is MessageDelivery.NEVER:
        return NotWanted()
    if kind.waits_for_return and (back_at := held_for_return(reader, now)) is not None:
        return ReaderUnavailable(until=back_at, why=Unavailable.AWAY)
    if chosen is MessageDelivery.SUMMARY:
        own_hours = policies.get_calendar_of_person(tx, reader)
        return ForSummary(topic=topic, at=next_summary_at(reader, own_hours, now))
    until = now if topic in NEVER_HELD else quiet_until(reader, now)
    if until <= now or (topic not in SETTABLE and _is_about_waking(tx, kind.about(scene))):
        return None
    return ReaderUnavailable(until=until, why=Unavailable.QUIET)


def _is_about_waking(tx: Tx, handoff: Handoff | None) -> bool:
    queue = queues.get(tx, handoff.workspace, handoff.queue) if handoff else None
    return handoff is not None and queue is not None and terms(tx, queue).wakes(handoff)


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
