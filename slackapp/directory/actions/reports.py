"""Report what people have to know about a team's channel, user groups and people, and take it back once it is over.

A channel that other companies can read, or whose visibility changed, a user group without members and somebody who
left the team do not stop messages. The team's managers and Baton's admins hear of each once.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from slackapp.directory.actions import repair, trouble_messages
from slackapp.people.queries import admins_of
from storage.company import people, queues
from storage.company.model import Channel, Queue
from storage.db.database import Tx
from storage.handoffs import handoffs

SHARED = "is_shared"
MADE_PRIVATE = "made_private"
MADE_PUBLIC = "made_public"
EMPTY_GROUP = "group_empty"
MEMBER_LEFT = "member_left"
"""Our own codes beside Slack's, in the payload of a `trouble` message."""


def channel_changed(tx: Tx, before: Channel, after: Channel, now: datetime) -> None:
    """Report that a channel is shared with another company, or that its visibility has changed."""
    for queue in queues.list_by_channel(tx, after.workspace, after.id):
        told = _in_charge(tx, queue)
        if after.is_shared != before.is_shared:
            follow = trouble_messages.report if after.is_shared else trouble_messages.take_back
            follow(tx, queue, SHARED, told, now)
        if after.is_private != before.is_private:
            is_now, was = (MADE_PRIVATE, MADE_PUBLIC) if after.is_private else (MADE_PUBLIC, MADE_PRIVATE)
            trouble_messages.take_back(tx, queue, was, told, now)
            trouble_messages.report(tx, queue, is_now, told, now)


def group_changed(
    tx: Tx, workspace: str, group: str, now: datetime, *, before: Collection[str], after: Collection[str]
) -> None:
    """Report who left teams with a user group and has work there, and a group of a team that has no members any more.

    Called once the group's members are stored as they are now.
    """
    left, joined = {*before} - {*after}, {*after} - {*before}
    if not (left or joined):
        return
    for queue in queues.list_all(tx, workspace):
        if group not in {*queue.members, *queue.managers}:
            continue
        told = _in_charge(tx, queue)
        if bool(before) != bool(after):
            _group_emptied(tx, queue, group, told, now, is_empty=not after)
        _people_changed(tx, queue, left - _team(tx, queue), joined, told, now)


def team_changed(tx: Tx, before: Queue, after: Queue, now: datetime) -> None:
    """Report who has work in a team that they are no longer on because other people were chosen for it.

    Called once the team and Baton's admins are stored as they are now.
    """
    if {*before.members, *before.managers} == {*after.members, *after.managers}:
        return
    was, team = _team(tx, before), _team(tx, after)
    if was != team:
        _people_changed(tx, after, was - team, team - was, _in_charge(tx, after), now)


def _team(tx: Tx, queue: Queue) -> set[str]:
    return set(people.expand_groups(tx, queue.workspace, (*queue.members, *queue.managers)))


def _people_changed(  # noqa: PLR0917 - which team, who left it and joined it, and who hears of it
    tx: Tx, queue: Queue, left: Collection[str], joined: Collection[str], told: Collection[str], now: datetime
) -> None:
    for user in sorted(left):
        _member_left(tx, queue, user, told, now)
    for code in trouble_messages.reported(tx, queue, [f"{MEMBER_LEFT}:{user}" for user in sorted(joined)], told):
        trouble_messages.take_back(tx, queue, code, told, now)


def _group_emptied(tx: Tx, queue: Queue, group: str, told: Collection[str], now: datetime, *, is_empty: bool) -> None:
    code = f"{EMPTY_GROUP}:{group}"
    if is_empty:
        trouble_messages.report(tx, queue, code, told, now, group=group)
    else:
        trouble_messages.take_back(tx, queue, code, told, now)


def _member_left(tx: Tx, queue: Queue, user: str, told: Collection[str], now: datetime) -> None:
    """Report that somebody is no longer on a team in which they own work or are offered some: it stays theirs."""
    held = handoffs.list_live_of_person(tx, queue.workspace, user)
    theirs = [one for one in held if one.queue == queue.key and user in {one.owner, one.offered_to}]
    if theirs:
        others = [one for one in told if one != user]
        count = str(len(theirs))
        trouble_messages.report(tx, queue, f"{MEMBER_LEFT}:{user}", others, now, person=user, count=count)


def _in_charge(tx: Tx, queue: Queue) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*repair.managers(tx, queue), *admins_of(tx, queue.workspace)]))
