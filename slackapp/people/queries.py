"""Read a person's roles in a queue, and a queue's team. The decision is in `people.rules.permissions`."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from slackapp.people.model import NotAdmin
from slackapp.people.rules import permissions
from slackapp.people.rules.covering import covered_by
from slackapp.people.rules.permissions import Team
from slackapp.people.rules.standing import is_admitted
from slackapp.runtime.baton import Baton
from storage.clocks import notices
from storage.clocks.act_context import ActContext
from storage.company import people, queues, workspaces
from storage.company.model import Person, Queue
from storage.db.database import Tx
from storage.handoffs.lifecycle import Actor, Role
from storage.handoffs.model import Handoff

_NOT_SHOWN: Final = "channel_not_found"
"""Slack's error for a private channel without Baton in it; so a channel never shown to us counts as private."""


def team_of(tx: Tx, queue: Queue) -> Team:
    """The people of a queue now, with user groups replaced by their members."""
    return _read(tx, [queue])[0][queue.key]


def actor_for(tx: Tx, user: str, queue: Queue, handoff: Handoff | None = None) -> Actor:
    """The person with the roles they have in this queue and towards this handoff now."""
    teams, known = _read(tx, [queue], user, handoff)
    return _actor(tx, user, known, teams[queue.key], handoff)


def actor_in(tx: Tx, user: str, found: ActContext, queue: Queue) -> Actor:
    """The person with their roles in the queue of a handoff whose context has been read already."""
    private = queue.trouble == _NOT_SHOWN if found.is_private is None else found.is_private
    private_keys = {queue.key} if private else ()
    teams, known = _teams(tx, [queue], user, found.handoff, admins=found.admins, private=private_keys)
    return _actor(tx, user, known, teams[queue.key], found.handoff)


def actors_for(tx: Tx, user: str, listed: Sequence[Queue]) -> dict[str, Actor]:
    """The person with the roles they have in each of these queues of one workspace, by the queue's key.

    Reads as much for a hundred queues as for one.
    """
    teams, known = _read(tx, listed, user)
    return {key: permissions.actor(user, known.get(user), team) for key, team in teams.items()}


def readers_for(tx: Tx, user: str, listed: Sequence[Queue]) -> dict[str, str | None]:
    """Those of the queues whose handoffs the person may see, by key, with how far they see private ones.

    None where they see all of them; the person where they see those that they are involved in.
    """
    teams, known = _read(tx, listed, user)
    return {
        key: None if permissions.belongs_to(user, team) else user
        for key, team in teams.items()
        if Role.VIEWER in permissions.actor(user, known.get(user), team).roles
    }


def may_send_to(tx: Tx, user: str, listed: Sequence[Queue]) -> list[Queue]:
    """Those of the queues that the person may hand work to, in the given order; others do not exist for them."""
    found = actors_for(tx, user, listed)
    return [queue for queue in listed if Role.ORIGINATOR in found[queue.key].roles]


def is_admin(tx: Tx, workspace: str, user: str) -> bool:
    """Whether the person is one of Baton's admins and still a colleague."""
    here = workspaces.get(tx, workspace)
    named = Team(members=(), managers=(), admins=here.admins if here else ())
    return Role.ADMIN in permissions.actor(user, people.get(tx, workspace, user), named).roles


def refused_admin(tx: Tx, workspace: str, user: str) -> NotAdmin | None:
    """The refusal for somebody who is not an admin of Baton; None for an admin."""
    if is_admin(tx, workspace, user):
        return None
    found = workspaces.get(tx, workspace)
    return NotAdmin(admins=found.admins if found else ())


def is_private(tx: Tx, queue: Queue) -> bool:
    """Whether the queue's channel is private, as far as Slack has shown it to Baton."""
    return bool(private_among(tx, [queue]))


def private_among(tx: Tx, listed: Sequence[Queue]) -> frozenset[str]:
    """The keys of those of the queues of one workspace that have a private channel."""
    known = people.get_channels(tx, listed[0].workspace, {queue.channel for queue in listed}) if listed else {}
    return frozenset(
        queue.key
        for queue in listed
        if (known[queue.channel].is_private if queue.channel in known else queue.trouble == _NOT_SHOWN)
    )


def _actor(tx: Tx, user: str, known: Mapping[str, Person], team: Team, handoff: Handoff | None) -> Actor:
    """The person with their roles; what levels have told them is read only if it could let them see the handoff."""
    person = known.get(user)
    covers = covered_by(user, known.values()) if handoff is not None else ()
    found = permissions.actor(user, person, team, handoff, covers=covers)
    if handoff is None or found.is_barred or Role.VIEWER in found.roles:
        return found
    return permissions.actor(user, person, team, handoff, is_told=notices.is_told(tx, handoff.id, user))


def _read(
    tx: Tx, listed: Sequence[Queue], user: str | None = None, handoff: Handoff | None = None
) -> tuple[dict[str, Team], dict[str, Person]]:
    """The teams of queues of one workspace, by the queue's key, and the people of `_teams`."""
    if not listed:
        return {}, {}
    workspace = workspaces.get(tx, listed[0].workspace)
    admins = workspace.admins if workspace else ()
    return _teams(tx, listed, user, handoff, admins=admins, private=private_among(tx, listed))


def _teams(
    tx: Tx,
    listed: Sequence[Queue],
    user: str | None,
    handoff: Handoff | None = None,
    *,
    admins: tuple[str, ...],
    private: Collection[str],
) -> tuple[dict[str, Team], dict[str, Person]]:
    """The queues' teams by key, and their managers, the acting person and those whom the handoff names, by id.

    One statement reads all groups, another all people.
    """
    workspace = listed[0].workspace
    groups = people.get_groups(tx, workspace, [ref for queue in listed for ref in (*queue.members, *queue.managers)])
    managers = {queue.key: people.with_members(queue.managers, groups) for queue in listed}
    named = (user, *((handoff.sender, handoff.owner, handoff.offered_to) if handoff else ()))
    wanted = {one for found in managers.values() for one in found} | {one for one in named if one}
    known = people.get_many(tx, workspace, wanted)
    teams = {
        queue.key: Team(
            members=people.with_members(queue.members, groups),
            managers=managers[queue.key],
            admins=admins,
            above={person.manager for one in managers[queue.key] if (person := known.get(one)) and person.manager},
            is_private=queue.key in private,
        )
        for queue in listed
    }
    return teams, known


def may_be_given(tx: Tx, user: str, queue: Queue) -> bool:
    """Whether work of the queue may be offered or assigned to this person: somebody who may use Baton.

    A person unknown to the directory may belong to another company (`users.list` leaves those out), so they count as a
    colleague only if the configuration has them in the team.
    """
    person = people.get(tx, queue.workspace, user)
    return is_in_team(tx, user, queue) if person is None else is_admitted(person)


def is_in_team(tx: Tx, user: str, queue: Queue) -> bool:
    """Whether the person is a member or a manager of the queue."""
    return user in people.expand_groups(tx, queue.workspace, (*queue.members, *queue.managers))


def channels_of_queues(baton: Baton, workspace: str) -> tuple[str, ...]:
    """The channels that queues post to, each once."""
    with baton.db.reading() as tx:
        return tuple(dict.fromkeys(queue.channel for queue in queues.list_all(tx, workspace)))
