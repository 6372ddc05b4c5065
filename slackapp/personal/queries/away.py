"""Read a person's absence, the people for whom they cover, and what a message about a cover is drawn from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from slackapp.capability import HomeReader
from slackapp.handoffs.model import HandoffDetails, Seen
from slackapp.handoffs.queries.find import LISTED, seen_by
from slackapp.people.rules.covering import is_absent
from slackapp.personal.model import Away, CoverScene, Unknown
from slackapp.runtime.baton import PATIENCE_S, Baton
from storage.company import absences, people, queues
from storage.company.model import Person
from storage.db.database import Tx
from storage.handoffs import handoffs
from storage.outbox.model import OutboxMessage

MOST_COUNTED = 100
"""Open handoffs that are counted exactly."""


def find_away(baton: Baton, *, workspace: str, user: str) -> Away | Unknown:
    """Return a person's absence, if there is one, and what they have in hand."""
    with baton.db.reading(wait_s=PATIENCE_S) as tx:
        person = people.get(tx, workspace, user)
        return away_of(tx, person) if person else Unknown()


def away_of(tx: Tx, person: Person) -> Away:
    """Return a stored person's absence, read in the caller's transaction."""
    workspace = person.workspace
    return Away(
        person=person,
        cover=people.get(tx, workspace, person.cover) if person.cover else None,
        owned=len(handoffs.list_owned_by(tx, workspace, person.id, MOST_COUNTED)),
        covered=tuple(covered_by(tx, workspace, person.id)),
    )


def at_home(tx: Tx, reader: HomeReader, _now: datetime) -> Away:
    """Return what the Home tab shows of a person's absence; one statement, and none if nobody covers for them."""
    person = reader.person
    return Away(person=person, cover=people.get(tx, person.workspace, person.cover) if person.cover else None)


def covered_by(tx: Tx, workspace: str, user: str) -> list[Person]:
    """Return the people for whom this person covers now."""
    return [person for person in absences.list_covered(tx, workspace) if person.cover == user]


def share_a_team(tx: Tx, workspace: str, one: str, other: str) -> bool:
    """Return whether two people are in a team together, as members or managers."""
    listed = queues.list_all(tx, workspace)
    groups = people.get_groups(tx, workspace, [ref for queue in listed for ref in (*queue.members, *queue.managers)])
    return any({one, other} <= {*people.with_members((*queue.members, *queue.managers), groups)} for queue in listed)


def cover_scene(tx: Tx, wanted: OutboxMessage, posted: bool) -> CoverScene | None:
    """Return everything a message to or about a cover is drawn from; None if one of the two is not stored."""
    payload = wanted.payload
    known = people.get_many(tx, wanted.workspace, [str(payload["person"]), str(payload["cover"])])
    person, cover = known.get(str(payload["person"])), known.get(str(payload["cover"]))
    return CoverScene(person=person, cover=cover, payload=payload, posted=posted) if person and cover else None


def list_for_cover(
    baton: Baton, *, workspace: str, user: str, absent: str, now: datetime
) -> tuple[Person, Sequence[HandoffDetails], Sequence[HandoffDetails]] | None:
    """Return a person who is away, what they own or are offered and what they sent; None unless `user` covers.

    Each list has the first `LISTED` of what the cover may see.
    """
    with baton.db.reading(wait_s=PATIENCE_S) as tx:
        person = people.get(tx, workspace, absent)
        if person is None or person.cover != user or not is_absent(person, now):
            return None
        held = [
            *handoffs.list_offered_to(tx, workspace, absent, LISTED),
            *handoffs.list_owned_by(tx, workspace, absent, LISTED),
        ]
        sent = handoffs.list_sent_by(tx, workspace, absent, LISTED)
        lists = [[seen_by(tx, workspace, one.id, user, now) for one in found[:LISTED]] for found in (held, sent)]
        shown = [[one.details for one in found if isinstance(one, Seen) and one.visible] for found in lists]
        return person, shown[0], shown[1]
