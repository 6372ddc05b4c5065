"""Read what Baton keeps about one handoff, for people who look into its workings."""

from __future__ import annotations

from dataclasses import dataclass

from slackapp.handoffs.queries.load import on_their_way
from slackapp.runtime.baton import Baton
from storage.clocks import notices, timers
from storage.clocks.model import Notice, Timer
from storage.db.database import Tx
from storage.handoffs import audit, handoffs, notes
from storage.handoffs.model import AuditEntry, Handoff
from storage.outbox import posted_messages
from storage.outbox.model import Pending, PostedMessage


@dataclass(frozen=True, kw_only=True)
class Inside:
    """A handoff as stored, without the words of its notes: only how many there are.

    Messages about many handoffs stand here with those of its own; so do webhooks that have not been called yet.
    """

    handoff: Handoff
    notes: int
    outbox: tuple[Pending, ...]
    posted: tuple[PostedMessage, ...]
    timers: tuple[Timer, ...]
    notices: tuple[Notice, ...]
    audit: tuple[AuditEntry, ...]


def inspect(baton: Baton, workspace: str, handoff_id: str) -> Inside | None:
    """Everything stored about a handoff, read together, or None if there is no such handoff."""
    with baton.db.reading() as tx:
        handoff = handoffs.get(tx, workspace, handoff_id)
        return None if handoff is None else _inside(tx, handoff)


def _inside(tx: Tx, handoff: Handoff) -> Inside:
    told = notices.list_for_handoff(tx, handoff.id)
    own = posted_messages.list_for_handoff(tx, handoff.id)
    others = {notice.message for notice in told if notice.message} - {message.key for message in own}
    return Inside(
        handoff=handoff,
        notes=notes.count_for_handoff(tx, handoff.id),
        outbox=tuple(on_their_way(tx, handoff, told)),
        posted=(*own, *posted_messages.get_many(tx, handoff.workspace, sorted(others))),
        timers=tuple(timers.list_for_handoff(tx, handoff.id)),
        notices=tuple(told),
        audit=tuple(audit.list_for_handoff(tx, handoff.id)),
    )
