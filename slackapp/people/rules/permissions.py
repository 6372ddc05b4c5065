"""A person's roles towards the work of a queue, decided on the server for every act."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from storage.company.model import Person
from storage.handoffs.lifecycle import Actor, Role
from storage.handoffs.model import Handoff

ACTING_ROLES: Final = frozenset({Role.MEMBER, Role.MANAGER})
"""The roles that decide which buttons a message to somebody has."""


@dataclass(frozen=True, kw_only=True)
class Team:
    """The people of a queue, with user groups already replaced by their members."""

    members: Collection[str]
    managers: Collection[str]
    admins: Collection[str]
    above: Collection[str] = ()
    """The managers' managers."""
    is_private: bool = False
    """Whether the queue's channel is private: then only the people involved may see its handoffs."""


def actor(user: str, person: Person | None, team: Team, handoff: Handoff | None = None) -> Actor:
    """The person with every role that follows from the queue. Outsiders, bots and deactivated people have none.

    The managers' managers and Baton's admins may do what the queue's managers may: escalations end with them.

    Private work may be read by the people of its queue, and by those who sent it, have or had it, or are offered it. An
    admin who is none of these may delete it, and neither act on it nor read it.

    A person unknown to the directory (`person` is None) counts as an ordinary colleague.
    """
    if person is not None and not person.can_own:
        return Actor(user=user)
    return Actor(user=user, roles=frozenset(_roles(user, team, handoff)))


def _roles(user: str, team: Team, handoff: Handoff | None) -> set[Role]:
    held = {Role.ORIGINATOR}
    if user in team.members:
        held.add(Role.MEMBER)
    hidden = handoff is not None and handoff.private
    if user in team.managers or user in team.above or (user in team.admins and not hidden):
        held.add(Role.MANAGER)
    if held & ACTING_ROLES or (handoff is not None and user in people_involved(handoff)):
        held.add(Role.VIEWER)
    if user in team.admins:
        held.add(Role.ADMIN)
    if not hidden and (not team.is_private or Role.ADMIN in held):
        held.add(Role.VIEWER)
    return held


def people_involved(handoff: Handoff) -> frozenset[str]:
    """The people who sent a handoff, own or owned it, or are offered it."""
    people = (handoff.originator, handoff.sender, handoff.owner, handoff.last_owner, handoff.offered_to)
    return frozenset(person for person in people if person)


def is_outsider(user_team: str | None, workspace: str, enterprise: str | None = None) -> bool:
    """Whether a person belongs to another company that shares a channel with us (Slack Connect)."""
    return user_team is not None and user_team not in {workspace, enterprise}
