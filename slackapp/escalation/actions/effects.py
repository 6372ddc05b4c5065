"""What follows for reminders and digests from a change of a handoff, in its transaction."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from slackapp.escalation.actions import decide_anew, digests
from slackapp.handoffs.actions.redraw_card import redraw_messages
from storage.clocks.batches import get_mentions
from storage.db.database import Tx
from storage.handoffs import handoffs
from storage.handoffs.lifecycle import Moved
from storage.outbox import outbox
from storage.outbox.model import OutboxMessage


def after_change(tx: Tx, moved: Moved) -> list[OutboxMessage]:
    """Decide anew whom reminders of the handoff notify; return the digests and batch messages to redraw.

    One statement finds both. A handoff of which nothing waits, as of most, costs no other.
    """
    found = digests.mentions(tx, moved)
    if found.unsettled:
        decide_anew.for_handoffs(tx, moved.after.workspace, [moved.after.id], moved.at)
        found = digests.mentions(tx, moved)
    return digests.redrawn_messages(moved.after, found)


def redraw_everything(tx: Tx, workspace: str, handoff_ids: Collection[str], now: datetime) -> None:
    """Redraw all that names these handoffs after a change that is no verb, such as new hours, has moved deadlines."""
    redraw_messages(tx, handoff_ids, now)
    for handoff in handoffs.get_many(tx, handoff_ids).values():
        found = get_mentions(tx, workspace, handoff.id, now, of_queues=[handoff.queue])
        outbox.put(tx, digests.redrawn_messages(handoff, found), now)
