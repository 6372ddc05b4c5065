"""Load a message to somebody who watches; whether they may see the handoff is decided each time."""

from __future__ import annotations

from slackapp.handoffs.queries import load
from slackapp.people.queries import actor_for
from slackapp.watching.model import WatchScene
from storage.db.database import Tx
from storage.handoffs import watchers
from storage.handoffs.lifecycle import Role
from storage.outbox.model import OutboxMessage


def scene(tx: Tx, wanted: OutboxMessage, posted: bool) -> WatchScene | None:
    """Everything that a message to somebody who watches is drawn from; None if there is no such handoff."""
    found = load.scene(tx, wanted, posted)
    if found is None:
        return None
    handoff, reader = found.details.handoff, str(wanted.to.user)
    may_see = Role.VIEWER in actor_for(tx, reader, found.details.queue, handoff).roles
    return WatchScene(scene=found, reader=reader, is_visible=may_see and watchers.is_watching(tx, handoff.id, reader))
