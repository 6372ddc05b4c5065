"""Reads from the ledger who somebody is towards a queue. The decision itself is in `policy.permissions`."""

from __future__ import annotations

from typing import Final

from slackapp.policy import permissions
from slackapp.policy.permissions import Team
from slackapp.usecases.baton import Baton
from storage import people, queues, workspaces
from storage.company import Queue
from storage.database import Tx
from storage.lifecycle import Actor
from storage.records import Handoff

_NOT_SHOWN: Final = "channel_not_found"
"""What Slack answers about a private channel without Baton in it; so a channel it never showed us counts as private."""


def team_of(tx: Tx, queue: Queue) -> Team:
    """Who belongs to the queue now, user groups replaced by the people in them."""
    workspace = workspaces.get(tx, queue.workspace)
    channel = people.channel(tx, queue.workspace, queue.channel)
    is_private = channel.is_private if channel else queue.trouble == _NOT_SHOWN
    managers = people.expand(tx, queue.workspace, queue.managers)
    return Team(
        members=people.expand(tx, queue.workspace, queue.members),
        managers=managers,
        admins=workspace.admins if workspace else (),
        above={person.manager for person in people.many(tx, queue.workspace, managers).values() if person.manager},
        is_private=is_private,
    )


def actor_for(tx: Tx, user: str, queue: Queue, handoff: Handoff | None = None) -> Actor:
    """The person with the roles they have towards this queue, and this handoff's visibility, now."""
    return permissions.actor(user, people.get(tx, queue.workspace, user), team_of(tx, queue), handoff)


def may_be_given(tx: Tx, user: str, queue: Queue) -> bool:
    """Whether work of the queue may be offered or assigned to this person at all: a colleague, present, no bot.

    Somebody Slack has not told us about may be of another company (`users.list` leaves those out), so they count as a
    colleague only where the configuration has them in the team.
    """
    person = people.get(tx, queue.workspace, user)
    return is_of_team(tx, user, queue) if person is None else person.can_own


def is_of_team(tx: Tx, user: str, queue: Queue) -> bool:
    """Whether the person is a member or a manager of the queue."""
    return user in people.expand(tx, queue.workspace, (*queue.members, *queue.managers))


def channels_of_queues(baton: Baton, workspace: str) -> tuple[str, ...]:
    """The channels that queues post to, each once."""
    with baton.db.reading() as tx:
        return tuple(dict.fromkeys(queue.channel for queue in queues.all(tx, workspace)))
