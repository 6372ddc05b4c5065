"""Read what Baton keeps about one handoff, for people who look into its workings."""

from __future__ import annotations

from dataclasses import dataclass

from slackapp.usecases.baton import Baton
from storage import audit, handoffs, messages, notes, outbox, timers
from storage.database import Tx
from storage.outbox import Pending
from storage.records import AuditEntry, Handoff, Posted, Timer


@dataclass(frozen=True, kw_only=True)
class Inside:
    """A handoff as stored, without the words of its notes: only how many there are."""

    handoff: Handoff
    notes: int
    outbox: tuple[Pending, ...]
    posted: tuple[Posted, ...]
    timers: tuple[Timer, ...]
    audit: tuple[AuditEntry, ...]


def inspect(baton: Baton, workspace: str, handoff_id: str) -> Inside | None:
    """Everything stored about a handoff, read together, or None if there is no such handoff."""
    with baton.db.reading() as tx:
        handoff = handoffs.get(tx, workspace, handoff_id)
        return None if handoff is None else _inside(tx, handoff)


def _inside(tx: Tx, handoff: Handoff) -> Inside:
    return Inside(
        handoff=handoff,
        notes=notes.count(tx, handoff.id),
        outbox=tuple(outbox.of(tx, handoff.id)),
        posted=tuple(messages.of(tx, handoff.id)),
        timers=tuple(timers.of(tx, handoff.id)),
        audit=tuple(audit.of(tx, handoff.id)),
    )
