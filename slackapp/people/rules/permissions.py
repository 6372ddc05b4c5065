"""A person's roles towards the work of a queue, decided on the server for every act."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from slackapp.people.rules.covering import roles_of_cover
from slackapp.people.rules.standing import ADMITTED, Standing, standing
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
    slack_admins: bool = False
    """Whether the admins and owners of the Slack workspace are Baton's admins too."""
    may_claim: bool = False
    """Whether the queue lets the acting person claim although they are not of the team."""
    may_send: bool = True
    """Whether the queue lets the acting person hand work to it, if they are not of the team."""
    is_private: bool = False
    """Whether the queue's channel is private: then the queue and its handoffs exist only for the people involved."""


def actor(
    user: str,
    person: Person | None,
    team: Team,
    handoff: Handoff | None = None,
    *,
    is_told: bool = False,
    covers: Collection[str] = (),
) -> Actor:
    """The person with every role that follows from the queue and the handoff.

    - Outsiders, bots and deactivated people are barred: they have no role, also none that the handoff gives.
    - The managers' managers and Baton's admins may do what the queue's managers may: escalations end with them.
    - Private work may be read by the people of its queue, and by those who sent it, have or had it, or are offered it.
      An admin who is none of these may delete it, and neither act on it nor read it.
    - A queue with a private channel, and its handoffs, are for these people and the admins.
    - Whoever a level has notified (`is_told`) may see the handoff while the level stands, to judge what to do. That
      gives no role in the queue.
    - Whoever covers for people who are away (`covers`) may see what these sent, own or are offered, and do what is
      asked of them. The work stays theirs.
    - A queue may let other colleagues claim, but not private work, and may let only some of them send.
    - A guest has the roles of the queue's people and of those who have the handoff, and nothing else.

    A person unknown to the directory (`person` is None) counts as a colleague: whoever acts has been admitted by what
    their payload said, before anything else was done (`slackapp.dispatch.admission`).
    """
    found = Standing.COLLEAGUE if person is None else standing(person)
    if found not in ADMITTED:
        return Actor(user=user, is_barred=True)
    is_guest = found is Standing.GUEST
    is_admin = administers(user, person, team.admins, slack_admins=team.slack_admins)
    held = _roles(user, team, handoff, is_guest=is_guest, is_admin=is_admin)
    if is_told and not is_guest:
        held.add(Role.VIEWER)
    stands_in = roles_of_cover(handoff, covers) if handoff is not None else frozenset()
    return Actor(user=user, roles=frozenset(held | stands_in | ({Role.VIEWER} if stands_in else set())))


def belongs_to(user: str, team: Team) -> bool:
    """Whether a person is of a queue: a member, a manager or a manager's manager."""
    return user in team.members or user in team.managers or user in team.above


def administers(user: str, person: Person | None, admins: Collection[str], *, slack_admins: bool) -> bool:
    """Whether somebody is an admin of Baton: named as one, or an admin of Slack where those are Baton's too.

    Guests never are, and nobody who may not use Baton.
    """
    if person is None:
        return user in admins
    return standing(person) is Standing.COLLEAGUE and (user in admins or (slack_admins and person.is_slack_admin))


def _roles(user: str, team: Team, handoff: Handoff | None, *, is_guest: bool, is_admin: bool) -> set[Role]:
    held: set[Role] = set()
    hidden = handoff is not None and handoff.private
    if user in team.members:
        held.add(Role.MEMBER)
    if user in team.managers or user in team.above:
        held.add(Role.MANAGER)
    belongs = belongs_to(user, team)
    if is_admin:
        held |= {Role.ADMIN} if hidden else {Role.ADMIN, Role.MANAGER}
    knows_queue = belongs or is_admin or (not is_guest and (team.may_claim or not team.is_private))
    if knows_queue and (belongs or is_admin or team.may_send):
        held.add(Role.ORIGINATOR)
    if knows_queue and team.may_claim and not (is_guest or hidden):
        held.add(Role.CLAIMER)
    if belongs or (knows_queue and not hidden) or (handoff is not None and user in people_involved(handoff)):
        held.add(Role.VIEWER)
    return held


def people_involved(handoff: Handoff) -> frozenset[str]:
    """The people who sent a handoff, own or owned it, or are offered it."""
    people = (handoff.originator, handoff.sender, handoff.owner, handoff.last_owner, handoff.offered_to)
    return frozenset(person for person in people if person)
