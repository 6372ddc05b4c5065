"""Read a person's roles in a queue, and a queue's team. The decision is in `people.rules.permissions`."""

from __future__ import annotations

from typing import Final

from slackapp.people.rules import permissions
from slackapp.people.rules.permissions import Team
from slackapp.runtime.baton import Baton
from storage.clocks.act_context import ActContext
from storage.company import people, queues, workspaces
from storage.company.model import Person, Queue
from storage.db.database import Tx
from storage.handoffs.lifecycle import Actor
from storage.handoffs.model import Handoff

_NOT_SHOWN: Final = "channel_not_found"
"""Slack's error for a private channel without Baton in it; so a channel never shown to us counts as private."""


def team_of(tx: Tx, queue: Queue) -> Team:
    """The people of a queue now, with user groups replaced by their members."""
    return _read(tx, queue)[0]


def actor_for(tx: Tx, user: str, queue: Queue, handoff: Handoff | None = None) -> Actor:
    """The person with the roles they have in this queue and towards this handoff now."""
    team, person = _read(tx, queue, user)
    return permissions.actor(user, person, team, handoff)


def actor_in(tx: Tx, user: str, found: ActContext, queue: Queue) -> Actor:
    """The person with their roles in the queue of a handoff whose context has been read already."""
    team, person = _people(tx, queue, user, admins=found.admins, is_private=found.is_private)
    return permissions.actor(user, person, team, found.handoff)


def _read(tx: Tx, queue: Queue, user: str | None = None) -> tuple[Team, Person | None]:
    workspace = workspaces.get(tx, queue.workspace)
    channel = people.get_channel(tx, queue.workspace, queue.channel)
    admins = workspace.admins if workspace else ()
    return _people(tx, queue, user, admins=admins, is_private=channel.is_private if channel else None)


def _people(
    tx: Tx, queue: Queue, user: str | None, *, admins: tuple[str, ...], is_private: bool | None
) -> tuple[Team, Person | None]:
    """The team, and the acting person: one statement reads its groups, another its people."""
    groups = people.get_groups(tx, queue.workspace, (*queue.members, *queue.managers))
    managers = people.with_members(queue.managers, groups)
    known = people.get_many(tx, queue.workspace, {*managers, *([user] if user else [])})
    team = Team(
        members=people.with_members(queue.members, groups),
        managers=managers,
        admins=admins,
        above={person.manager for one in managers if (person := known.get(one)) and person.manager},
        is_private=queue.trouble == _NOT_SHOWN if is_private is None else is_private,
    )
    return team, known.get(user) if user else None


def may_be_given(tx: Tx, user: str, queue: Queue) -> bool:
    """Whether work of the queue may be offered or assigned to this person: an active colleague, no bot.

    A person unknown to the directory may belong to another company (`users.list` leaves those out), so they count as a
    colleague only if the configuration has them in the team.
    """
    person = people.get(tx, queue.workspace, user)
    return is_in_team(tx, user, queue) if person is None else person.can_own


def is_in_team(tx: Tx, user: str, queue: Queue) -> bool:
    """Whether the person is a member or a manager of the queue."""
    return user in people.expand_groups(tx, queue.workspace, (*queue.members, *queue.managers))


def channels_of_queues(baton: Baton, workspace: str) -> tuple[str, ...]:
    """The channels that queues post to, each once."""
    with baton.db.reading() as tx:
        return tuple(dict.fromkeys(queue.channel for queue in queues.list_all(tx, workspace)))
