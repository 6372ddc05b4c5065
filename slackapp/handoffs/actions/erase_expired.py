"""Retention: delete the contents of finished work when the period that its template allows is over.

The clock deletes as a person would: through `decide` and `carry_out.store`, so that every message about the handoff is
removed too, and the deletion stays in the audit.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from slackapp.handoffs.actions import carry_out
from slackapp.handoffs.queries import load
from slackapp.runtime.baton import Effect
from storage.company import queues
from storage.db.database import Tx
from storage.handoffs import handoffs
from storage.handoffs.acts import Delete
from storage.handoffs.lifecycle import CLOCK_ACTOR, Moved, decide

BATCH: Final = 50
"""Handoffs erased in one transaction: each takes some ten statements, and SQLite's other writers wait meanwhile."""


def erase_due(tx: Tx, now: datetime, effects: Iterable[Effect]) -> int:
    """Delete the contents of finished work whose retention has ended; return how many were deleted in this batch."""
    due = handoffs.list_erasable(tx, now, BATCH)
    for handoff in due:
        outcome = decide(handoff, Delete(), CLOCK_ACTOR, now)
        queue = queues.get(tx, handoff.workspace, handoff.queue) or load.unknown_queue(handoff)
        if isinstance(outcome, Moved):
            carry_out.store(tx, outcome, queue, effects)
    return len(due)
