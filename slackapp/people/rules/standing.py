"""A person's standing in the workspace: decided here, for every click, form, command and decision of Baton."""

from __future__ import annotations

from dataclasses import dataclass
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


@dataclass(frozen=True, kw_only=True)
class Named:
    """The workspace that a payload names as a person's, beside those that Baton is installed in."""

    team: str | None
    workspace: str
    enterprise: str | None = None
    """The Enterprise organisation of the workspace, if it belongs to one."""


NOBODY: Final = Named(team=None, workspace="")
"""A payload that names no workspace, or no payload at all."""


def standing(person: Person | None, named: Named = NOBODY) -> Standing:
    """Return a person's standing, from what is stored of them; from the payload if they are not stored yet (None).

    Of a stored person it does not count: in an organisation it may name any of a person's workspaces. For the same
    reason it does not tell there that somebody is an outsider.
    """
    if person is None:
        if named.team is not None and named.team in {named.workspace, named.enterprise}:
            return Standing.COLLEAGUE
        return Standing.STRANGER if named.team is None or named.enterprise else Standing.OUTSIDER
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
