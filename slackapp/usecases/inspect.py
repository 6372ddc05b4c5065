"""Read what Baton keeps about one handoff, for people who look into its workings."""

from __future__ import annotations

from dataclasses import dataclass

from slackapp.usecases.baton import Baton
from slackapp.usecases.look import on_their_way
from storage import audit, handoffs, messages, notes, notices, timers
from storage.database import Tx
from storage.outbox import Pending
from storage.records import AuditEntry, Handoff, Notice, Posted, Timer


@dataclass(frozen=True, kw_only=True)
class Inside:
    """A handoff as stored, without the words of its notes: only how many there are.

    Messages about many handoffs stand here with those of its own; so do webhooks that have not been called yet.
    """

    handoff: Handoff
    notes: int
    outbox: tuple[Pending, ...]
    posted: tuple[Posted, ...]
    timers: tuple[Timer, ...]
    notices: tuple[Notice, ...]
    audit: tuple[AuditEntry, ...]


def inspect(baton: Baton, workspace: str, handoff_id: str) -> Inside | None:
    """Everything stored about a handoff, read together, or None if there is no such handoff."""
    with baton.db.reading() as tx:
        handoff = handoffs.get(tx, workspace, handoff_id)
        return None if handoff is None else _inside(tx, handoff)


def _inside(tx: Tx, handoff: Handoff) -> Inside:
    told = notices.of(tx, handoff.id)
    own = messages.of(tx, handoff.id)
    others = {notice.message for notice in told if notice.message} - {message.key for message in own}
    return Inside(
        handoff=handoff,
        notes=notes.count(tx, handoff.id),
        outbox=tuple(on_their_way(tx, handoff, told)),
        posted=(*own, *messages.many(tx, handoff.workspace, sorted(others))),
        timers=tuple(timers.of(tx, handoff.id)),
        notices=tuple(told),
        audit=tuple(audit.of(tx, handoff.id)),
    )
