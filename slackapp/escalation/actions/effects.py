"""What follows for reminders and digests from a change of a handoff, in its transaction."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from slackapp.escalation.actions import decide_anew, digests
from slackapp.handoffs.actions.redraw_card import outdated_messages
from slackapp.handoffs.rules.home_subjects import subjects_of
from storage.clocks.batches import get_mentions
from storage.db.database import Tx
from storage.handoffs import handoffs
from storage.handoffs.lifecycle import Moved
from storage.handoffs.model import Handoff
from storage.outbox import outbox
from storage.outbox.model import OutboxMessage


def after_change(tx: Tx, moved: Moved) -> list[OutboxMessage]:
    """Decide anew whom reminders of the handoff notify; return the digests, batch messages and Home tabs to redraw."""
    return after_changes(tx, [moved])


def after_changes(tx: Tx, moves: Sequence[Moved]) -> list[OutboxMessage]:
    """Do what `after_change` does for changes of one workspace at one instant, in as many statements as for one.

    One statement finds all. Handoffs of which nothing waits, as of most, cost no other.
    """
    if not moves:
        return []
    found = digests.mentions(tx, moves)
    workspace, ids = moves[-1].after.workspace, {moved.after.id for moved in moves}
    if found.unsettled:
        decide_anew.for_handoffs(tx, workspace, ids, moves[-1].at)
        found = digests.mentions(tx, moves)
    return digests.redrawn_messages(workspace, ids, found)


def redraw_everything(tx: Tx, workspace: str, handoff_ids: Collection[str], now: datetime) -> None:
    """Redraw all that names these handoffs after a change that is no verb, such as new hours, has moved deadlines."""
    many = handoffs.get_many(tx, handoff_ids).values()
    outbox.put_each_at(tx, everything_about(tx, workspace, many, now), now)


def everything_about(
    tx: Tx, workspace: str, many: Collection[Handoff], now: datetime
) -> list[tuple[OutboxMessage, datetime]]:
    """Return all that names these handoffs and can be false by now, with when to draw it again: two statements."""
    if not many:
        return []
    ids, teams = [handoff.id for handoff in many], sorted({handoff.queue for handoff in many})
    found = get_mentions(tx, workspace, ids, now, of_queues=teams, subjects=subjects_of(many))
    listed = digests.redrawn_messages(workspace, ids, found)
    return [*outdated_messages(tx, ids, now), *((message, now) for message in listed)]
