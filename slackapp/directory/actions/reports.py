"""Report what people have to know about a team's channel and user groups, and take it back once it is over.

A channel that other companies can read, or whose visibility changed, and a user group without members do not stop
messages. The team's managers and Baton's admins hear of each once.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from slackapp.directory.actions import repair, trouble_messages
from slackapp.people.queries import admins_of
from storage.company import queues
from storage.company.model import Channel, Queue
from storage.db.database import Tx

SHARED = "is_shared"
MADE_PRIVATE = "made_private"
MADE_PUBLIC = "made_public"
EMPTY_GROUP = "group_empty"
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
    """Report that a user group that teams consist of has no members any more."""
    if bool(before) == bool(after):
        return
    for queue in queues.list_all(tx, workspace):
        if group not in {*queue.members, *queue.managers}:
            continue
        told = _in_charge(tx, queue)
        code = f"{EMPTY_GROUP}:{group}"
        if after:
            trouble_messages.take_back(tx, queue, code, told, now)
        else:
            trouble_messages.report(tx, queue, code, told, now, group=group)


def _in_charge(tx: Tx, queue: Queue) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*repair.managers(tx, queue), *admins_of(tx, queue.workspace)]))
