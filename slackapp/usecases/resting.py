"""Reads until when somebody may let work rest: in their own hours and zone, as far as they are known."""

from __future__ import annotations

from slackapp.people.rules.availability import hours_of
from slackapp.policy import rests
from slackapp.policy.rests import Rest
from slackapp.runtime.baton import Baton
from storage.clocks import policies
from storage.clocks.model import Calendar
from storage.company import people, queues
from storage.company.model import Person, Queue
from storage.db.database import Tx
from storage.handoffs import handoffs


def offered(baton: Baton, *, workspace: str, handoff_id: str, user: str) -> tuple[Rest, ...]:
    """The moments that the form of a snooze offers this person."""
    now = baton.clock.now()
    with baton.db.reading(wait_s=1.0) as tx:
        handoff = handoffs.get(tx, workspace, handoff_id)
        queue = queues.get(tx, workspace, handoff.queue) if handoff else None
        person = people.get(tx, workspace, user)
        hours = _hours(tx, queue, person)
    return rests.offered(hours, person.tz if person else None, now)


def _hours(tx: Tx, queue: Queue | None, person: Person | None) -> Calendar | None:
    own = policies.get_calendar_of_person(tx, person)
    team = policies.get_calendar_of_queue(tx, queue) if queue and own is None else None
    return hours_of(person, own, team)
