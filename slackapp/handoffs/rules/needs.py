"""What a handoff needs of a person now: an answer to an offer or a question, more information, work that is late."""

from __future__ import annotations

from enum import IntEnum
from typing import Final

from storage.handoffs.lifecycle import ReadBackStatus, State
from storage.handoffs.model import Handoff


class Need(IntEnum):
    """What a handoff can need of a person, in the order in which they are shown it."""

    OFFER = 0
    QUESTION = 1
    SENT_BACK = 2
    LATE = 3
    READ_BACK = 4


_OWED: Final = frozenset({ReadBackStatus.DUE, ReadBackStatus.CORRECTED})


def need_of(handoff: Handoff, user: str, *, is_late: bool) -> Need | None:
    """Return what the handoff needs of this person; None if it waits for nothing of theirs."""
    if handoff.offered_to == user:
        return Need.OFFER
    if handoff.sender == user and handoff.asked_at is not None:
        return Need.QUESTION
    if handoff.sender == user and handoff.state is State.RETURNED:
        return Need.SENT_BACK
    if handoff.owner == user and is_late:
        return Need.LATE
    confirms = handoff.sender == user and handoff.read_back is ReadBackStatus.GIVEN
    owes = handoff.owner == user and handoff.read_back in _OWED
    return Need.READ_BACK if confirms or owes else None
