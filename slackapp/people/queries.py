"""Read a person's roles in a queue, and a queue's team. The decision is in `people.rules.permissions`."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final, NamedTuple

from slackapp.people.model import NotAdmin
from slackapp.people.rules import permissions
from slackapp.people.rules.covering import covered_by
from slackapp.people.rules.permissions import Team
from slackapp.people.rules.standing import ADMITTED, Standing, is_admitted, standing
from slackapp.runtime.baton import Baton
from storage.clocks import notices
from storage.clocks.act_context import ActContext
from storage.company import channel_members, people, queues, slack_admins, workspaces
from storage.company.model import Claimers, Person, Queue
from storage.db.database import Tx
from storage.handoffs.lifecycle import RULES, Actor, Role, Situation, Verb
from storage.handoffs.model import Handoff
from storage.search.model import Sight


class _Admins(NamedTuple):
    """Baton's admins in a workspace: the people named, and whether the admins of Slack are among them."""

    listed: tuple[str, ...]
    with_slack: bool


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
    admins = _Admins(found.admins, with_slack=found.slack_admins)
    teams, known = _teams(tx, [queue], user, found.handoff, admins=admins, private=private_keys)
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


def claimable_among(tx: Tx, user: str, keys: Collection[str], workspace: str) -> frozenset[str]:
    """The keys of those of the queues in which the person may claim."""
    found = actors_for(tx, user, list(queues.get_many(tx, workspace, keys).values())) if keys else {}
    may = RULES[Verb.CLAIM].who[Situation.OPEN]
    return frozenset(key for key, actor in found.items() if actor.roles & may)


def sight_of(tx: Tx, workspace: str, user: str) -> Sight | None:
    """What the person may see in the whole workspace, for lists and search; None if they may see nothing."""
    teams, known = _read(tx, queues.list_all(tx, workspace), user)
    person = known.get(user) if teams else people.get(tx, workspace, user)
    held = Standing.COLLEAGUE if person is None else standing(person)
    if held not in ADMITTED:
        return None
    return Sight(
        user=user,
        own=tuple(key for key, team in teams.items() if permissions.belongs_to(user, team)),
        hidden=tuple(
            key for key, team in teams.items() if Role.VIEWER not in permissions.actor(user, person, team).roles
        ),
        is_guest=held is Standing.GUEST,
        covers=tuple(one.id for one in people.list_covered_by(tx, workspace, user)),
    )


def actors_on(tx: Tx, user: str, work: Sequence[tuple[Queue, Handoff]]) -> dict[str, Actor]:
    """The person with the roles they have towards each of these handoffs, by its id; reads as much as for one."""
    if not work:
        return {}
    teams, known = _read(tx, list({queue.key: queue for queue, _ in work}.values()), user)
    known |= {one.id: one for one in people.list_covered_by(tx, work[0][0].workspace, user)}
    return {handoff.id: _actor(tx, user, known, teams[queue.key], handoff) for queue, handoff in work}


def may_send_to(tx: Tx, user: str, listed: Sequence[Queue]) -> list[Queue]:
    """Those of the queues that the person may hand work to, in the given order; others do not exist for them.

    Nobody need know who is of a queue that every colleague may hand work to: one with a public channel and no senders.
    """
    if not listed:
        return []
    person = people.get(tx, listed[0].workspace, user)
    open_to_all = set[str]()
    if person is None or standing(person) is Standing.COLLEAGUE:
        private = private_among(tx, listed)
        open_to_all = {queue.key for queue in listed if not queue.senders and queue.key not in private}
    found = actors_for(tx, user, [queue for queue in listed if queue.key not in open_to_all])
    return [queue for queue in listed if queue.key in open_to_all or Role.ORIGINATOR in found[queue.key].roles]


def is_admin(tx: Tx, workspace: str, user: str) -> bool:
    """Whether the person is one of Baton's admins and still a colleague."""
    named = _admins(tx, workspace)
    return permissions.administers(user, people.get(tx, workspace, user), named.listed, slack_admins=named.with_slack)


def refused_admin(tx: Tx, workspace: str, user: str) -> NotAdmin | None:
    """The refusal for somebody who is not an admin of Baton; None for an admin."""
    if is_admin(tx, workspace, user):
        return None
    return NotAdmin(admins=admins_of(tx, workspace))


def admins_of(tx: Tx, workspace: str) -> tuple[str, ...]:
    """The people who administer Baton now: the admins named, or where there is none, Slack's admins and owners.

    They are told what no manager sees to, and named to those who may not do something.
    """
    named = _admins(tx, workspace)
    known = {one.id: one for one in slack_admins.list_candidates(tx, workspace, named.listed)}
    listed = named.listed
    there = tuple(one for one in listed if permissions.administers(one, known.get(one), listed, slack_admins=False))
    if there or not named.with_slack:
        return there
    return tuple(user for user, one in known.items() if permissions.administers(user, one, (), slack_admins=True))


def admins_to_ask(tx: Tx, workspace: str, user: str) -> tuple[str, ...] | None:
    """The people who can set something up for this person; None if they administer Baton themselves."""
    refused = refused_admin(tx, workspace, user)
    return refused.admins if refused else None


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
    admins = _admins(tx, listed[0].workspace)
    return _teams(tx, listed, user, handoff, admins=admins, private=private_among(tx, listed))


def _teams(
    tx: Tx,
    listed: Sequence[Queue],
    user: str | None,
    handoff: Handoff | None = None,
    *,
    admins: _Admins,
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
    claims, sends = _claimable(tx, listed, user, private), _open_to(tx, listed, user)
    teams = {
        queue.key: Team(
            members=people.with_members(queue.members, groups),
            managers=managers[queue.key],
            admins=admins.listed,
            slack_admins=admins.with_slack,
            may_claim=queue.key in claims,
            may_send=queue.key in sends,
            above={person.manager for one in managers[queue.key] if (person := known.get(one)) and person.manager},
            is_private=queue.key in private,
        )
        for queue in listed
    }
    return teams, known


def _admins(tx: Tx, workspace: str) -> _Admins:
    found = workspaces.get(tx, workspace)
    return _Admins(found.admins, with_slack=found.slack_admins) if found else _Admins((), with_slack=False)


def _claimable(tx: Tx, listed: Sequence[Queue], user: str | None, private: Collection[str]) -> set[str]:
    """The keys of those of the queues that let the person claim without being of the team.

    A private channel is for those who are in it, so nobody else can claim there.
    """
    if user is None:
        return set()
    by_channel = {queue.channel for queue in listed if queue.claimers is Claimers.CHANNEL}
    joined = channel_members.channels_with(tx, listed[0].workspace, user, by_channel)
    return {
        queue.key
        for queue in listed
        if (queue.claimers is Claimers.ANYONE and queue.key not in private)
        or (queue.claimers is Claimers.CHANNEL and queue.channel in joined)
    }


def _open_to(tx: Tx, listed: Sequence[Queue], user: str | None) -> set[str]:
    """The keys of those of the queues that let the person send without being of the team."""
    named = [queue for queue in listed if queue.senders]
    if not named:
        return {queue.key for queue in listed}
    workspace = listed[0].workspace
    teams = queues.get_many(tx, workspace, (ref for queue in named for ref in queue.senders))
    of_teams = {key: (*team.members, *team.managers) for key, team in teams.items()}
    refs = {queue.key: [one for ref in queue.senders for one in of_teams.get(ref, (ref,))] for queue in named}
    groups = people.get_groups(tx, workspace, (one for found in refs.values() for one in found))
    return {queue.key for queue in listed if not queue.senders} | {
        key for key, found in refs.items() if user in people.with_members(found, groups)
    }


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


def channels_of_queues(baton: Baton, workspace: str, *, only: Claimers | None = None) -> tuple[str, ...]:
    """The channels that queues post to, each once; of those queues `only` that let these people claim, if given."""
    with baton.db.reading() as tx:
        found = queues.list_all(tx, workspace)
    return tuple(dict.fromkeys(queue.channel for queue in found if only is None or queue.claimers is only))
