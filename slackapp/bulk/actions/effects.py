"""What follows for runs from a change of a handoff, in its transaction."""

from __future__ import annotations

from storage.bulk import runs
from storage.db.database import Tx
from storage.handoffs.lifecycle import Moved, Verb
from storage.outbox.model import OutboxMessage


def after_change(tx: Tx, moved: Moved) -> list[OutboxMessage]:
    """Forget the rows of a handoff that is deleted. Messages that list it are redrawn as its parts."""
    if moved.verb is Verb.DELETE:
        runs.forget_handoffs(tx, [moved.after.id])
    return []
