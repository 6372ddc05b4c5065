"""Who covers for whom: whom Baton notifies in place of a person who is away, and what a cover may do.

A cover stands in; they do not own. Offers, questions and reminders go to them until the absence ends, and they may do
what those ask for. There is no chain: a cover who is away themselves, or has left, covers for nobody.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Final

from slackapp.people.rules.standing import is_admitted
from storage.company.model import Person
from storage.handoffs.lifecycle import Role
from storage.handoffs.model import Handoff

COVER_ROLES: Final = frozenset({Role.OFFERED, Role.OWNER_COVER, Role.SENDER_COVER})
"""The roles towards a handoff that somebody may have because they cover for another person."""
_RETURN_FIRST: Final = timedelta(seconds=5)
"""How much longer than an absence messages are held that its end takes."""


def cover_of(person: Person | None, known: Mapping[str, Person], now: datetime) -> str | None:
    """Return who is notified in a person's place now, or None; `known` has the possible covers by id."""
    if person is None or person.cover is None or not is_absent(person, now):
        return None
    cover = known.get(person.cover)
    return cover.id if cover is not None and is_admitted(cover) and not is_away(cover, now) else None


def is_absent(person: Person, now: datetime) -> bool:
    """Return whether a person has set themselves away."""
    return person.absent_until is not None and person.absent_until > now


def held_for_return(person: Person, now: datetime) -> datetime | None:
    """Return until when messages that wait for a person's return are held; None if the person is back.

    That is a little longer than the absence, because its end makes one message of them all, and must come first. What
    is stored of an absence stays until that is done.
    """
    return None if person.absent_until is None else max(person.absent_until, now) + _RETURN_FIRST


def is_away(person: Person, now: datetime) -> bool:
    """Return whether a person is away, by their own word or by their status in Slack."""
    return is_absent(person, now) or (person.away_until is not None and person.away_until > now)


def covered_by(user: str, people: Collection[Person]) -> frozenset[str]:
    """Return those of the people for whom this person covers. An absence that has ended is stored no more."""
    return frozenset(person.id for person in people if person.cover == user)


def roles_of_cover(handoff: Handoff, covered: Collection[str]) -> frozenset[Role]:
    """Return the roles towards a handoff of somebody who covers for these people."""
    stands_in_for = {
        Role.OFFERED: handoff.offered_to,
        Role.OWNER_COVER: handoff.owner,
        Role.SENDER_COVER: handoff.sender,
    }
    return frozenset(role for role, person in stands_in_for.items() if person in covered)
