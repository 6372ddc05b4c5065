"""A person's standing in the workspace: decided here, for every click, form, command and decision of Baton."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum
from typing import Final

from storage.company.model import Person


class Standing(StrEnum):
    """What a person is to the workspace that Baton is installed in."""

    COLLEAGUE = "colleague"
    GUEST = "guest"
    """A single-channel or multi-channel guest: a member of the workspace, for some of its work."""
    OUTSIDER = "outsider"
    """A member of another workspace, who meets Baton in a shared channel."""
    STRANGER = "stranger"
    """Somebody of whom neither the directory nor the payload tells which workspace they belong to."""
    BOT = "bot"
    DEACTIVATED = "deactivated"


ADMITTED: Final = frozenset({Standing.COLLEAGUE, Standing.GUEST})
"""Those who may use Baton and be given work. Nobody else may do or see anything, whatever a queue says of them."""


def standing(person: Person | None, *, named_team: str | None = None, ours: Collection[str] = ()) -> Standing:
    """Return a person's standing, from what is stored of them.

    A payload may name another workspace of an organisation than the one that Baton is installed in, so what it says
    counts only for a person who is not stored yet.

    Args:
        person: the person as stored; None if the directory does not know them.
        named_team: the workspace that the payload names as theirs, if it names one.
        ours: the ids that a member of the workspace may be named by: the workspace's and its organisation's.
    """
    if person is None:
        if named_team is None:
            return Standing.STRANGER
        return Standing.COLLEAGUE if named_team in ours else Standing.OUTSIDER
    if person.deleted:
        return Standing.DEACTIVATED
    if person.is_bot:
        return Standing.BOT
    if person.team is not None and person.team != person.workspace:
        return Standing.OUTSIDER
    return Standing.GUEST if person.is_guest else Standing.COLLEAGUE


def is_admitted(person: Person) -> bool:
    """Whether a stored person may use Baton and be given work."""
    return standing(person) in ADMITTED
