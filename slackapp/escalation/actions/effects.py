"""What follows for reminders and digests from a change of a handoff, in its transaction."""

from __future__ import annotations

from slackapp.escalation.actions import decide_anew, digests
from storage.db.database import Tx
from storage.handoffs.lifecycle import Moved
from storage.outbox.model import OutboxMessage


def after_change(tx: Tx, moved: Moved) -> list[OutboxMessage]:
    """Decide anew whom reminders of the handoff notify; return the digests and batch messages to redraw.

    One statement finds both. A handoff of which nothing waits, as of most, costs no other.
    """
    found = digests.mentions(tx, moved)
    if found.unsettled:
        decide_anew.for_handoffs(tx, moved.after.workspace, [moved.after.id], moved.at)
        found = digests.mentions(tx, moved)
    return digests.redrawn_messages(moved, found)
