"""Which open Home tabs show a handoff: those of the people who have, sent or are offered it, and of its team."""

from __future__ import annotations

from collections.abc import Iterable

from storage.handoffs.model import Handoff
from storage.outbox.homes import team_subject


def subjects_of(handoffs: Iterable[Handoff]) -> list[str]:
    """Return the subjects of the Home tabs that show one of these handoffs; of a change, give it before and after."""
    found: set[str] = set()
    for handoff in handoffs:
        people = (handoff.originator, handoff.sender, handoff.owner, handoff.offered_to)
        found.update(person for person in people if person)
        found.add(team_subject(handoff.queue))
    return sorted(found)
