"""Which people and queues a new configuration concerns, as far as it decides who is notified of a level, and when."""

from __future__ import annotations

from dataclasses import dataclass

from slackapp.company.model import Company
from storage.company.model import Queue


@dataclass(frozen=True, kw_only=True)
class Concerned:
    """People whose own hours change, and queues whose hours, managers or reporting lines do."""

    people: frozenset[str]
    queues: frozenset[str]


def concerned(before: Company, after: Company) -> Concerned:
    """Return whom the change from one configuration to another concerns.

    A change of reporting lines or admins concerns every queue, because any level may mean the managers of managers, and
    they are few.
    """
    lines_changed = _lines(before) != _lines(after)
    return Concerned(
        people=frozenset(
            person
            for person in {*before.calendars_of, *after.calendars_of}
            if before.calendar(before.calendars_of.get(person)) != after.calendar(after.calendars_of.get(person))
        ),
        queues=frozenset(
            queue.key
            for queue in after.queues
            if lines_changed or _differs(before, after, before.queue(queue.key) or queue, queue)
        ),
    )


def _lines(company: Company) -> tuple[object, ...]:
    """Whom levels may mean beyond the people of a queue."""
    return company.managers, set(company.admins), company.slack_admins


def _differs(before: Company, after: Company, old: Queue, new: Queue) -> bool:
    return (before.hours_of(old), set(old.managers)) != (after.hours_of(new), set(new.managers))
