"""Keep the work of a team with a private channel out of every message that goes to somebody else.

Work moves: the card of an earlier team, a reminder of its manager or the line under the message that it came from are
redrawn when it changes, and their readers may not see the team that has it now.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from typing import Any

from slackapp.capability import Kind, MessageKind
from slackapp.handoffs.model import OutOfSight
from slackapp.handoffs.rules.change_messages import card_key
from slackapp.people.queries import actor_for, is_private
from slackapp.people.rules.permissions import people_involved
from storage.clocks import notices
from storage.company import queues
from storage.company.model import Queue
from storage.db.database import Tx
from storage.handoffs import audit
from storage.handoffs.lifecycle import Role
from storage.handoffs.model import Handoff
from storage.outbox.model import Destination, OutboxMessage


def only_in_sight(kind: Kind) -> Kind:
    """The kind of message, loaded as `OutOfSight` where its readers may not see the handoff that it is about."""
    if not isinstance(kind, MessageKind):
        return kind

    def load(tx: Tx, wanted: OutboxMessage, posted: bool) -> Any:
        scene = kind.load(tx, wanted, posted)
        handoff = None if scene is None else kind.about(scene)
        if handoff is None or is_in_sight(tx, wanted.to, handoff):
            return scene
        return OutOfSight(handoff=handoff, posted=posted)

    return replace(kind, load=load)


def is_in_sight(tx: Tx, to: Destination, handoff: Handoff) -> bool:
    """Whether everybody who reads a message that goes there may see the handoff and who has it."""
    if to.reply_to == card_key(handoff) or (to.user and to.user in people_involved(handoff)):
        return True
    queue = queues.get(tx, handoff.workspace, handoff.queue)
    if queue is None or to.channel == queue.channel or not is_private(tx, queue):
        return True
    return to.user is not None and _knows_team(tx, to.user, queue, handoff)


def _knows_team(tx: Tx, user: str, queue: Queue, handoff: Handoff) -> bool:
    """Whether a person may know of the team that has the handoff; its contents are a question of their own."""
    roles = actor_for(tx, user, queue, handoff).roles
    return Role.VIEWER in roles or Role.ADMIN in roles or was_reminded_here(tx, user, handoff)


def was_reminded_here(tx: Tx, user: str, handoff: Handoff) -> bool:
    """Whether a level of the present team's policy has notified this person of the handoff, as the file says."""
    since = _came_at(tx, handoff)
    return any(one.recipient == user and one.put_at >= since for one in notices.list_for_handoff(tx, handoff.id))


def _came_at(tx: Tx, handoff: Handoff) -> datetime:
    """When the handoff came to the queue that it is in."""
    entries = audit.list_for_handoff(tx, handoff.id)
    came = (entry.at for last, entry in pairwise(entries) if last.queue != entry.queue)
    return max(came, default=handoff.created_at)
