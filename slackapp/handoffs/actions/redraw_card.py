"""Redraw what is outdated: a card that somebody saw, all messages about a handoff that Baton itself changed, offers."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from slackapp.handoffs.model import Seen
from slackapp.handoffs.rules import change_messages
from slackapp.handoffs.rules.offers import offer_key
from slackapp.runtime.baton import Baton
from storage.db.database import Tx
from storage.handoffs import sources
from storage.handoffs.model import Handoff, Source
from storage.outbox import archive, outbox, posted_messages, unsettled
from storage.outbox.model import OutboxMessage


def redraw(baton: Baton, seen: Seen, text: str | None, drawn: str) -> None:
    """Queue the card to be drawn again if the `text` that somebody saw is outdated and no redraw is queued yet."""
    handoff = seen.details.handoff
    if text is None or text == drawn:
        return

    def work(tx: Tx) -> None:
        if handoff.final:  # else its card would be posted once more
            archive.unpack(tx, handoff.workspace, handoff.id)
        card = change_messages.card(handoff, seen.details.queue)
        if card.key not in outbox.list_keys_for_handoff(tx, handoff.id):
            outbox.put(tx, [card], seen.now)

    baton.db.run_for_listener(work)
    baton.wake_pump()


def end_offers(tx: Tx, handoff: Handoff, message: Source, now: datetime) -> None:
    """Store with which message a handoff began, and draw the offers to hand that off again: somebody did."""
    offered = sources.begin(tx, handoff, message, now)
    keys = [offer_key(message, user) for user in offered]
    if not keys:
        return
    posted = [
        OutboxMessage(
            workspace=one.workspace, key=one.key, kind=one.kind, handoff_id=None, to=one.to, payload=one.payload
        )
        for one in posted_messages.get_many(tx, handoff.workspace, keys)
    ]
    outbox.put(tx, [*posted, *(one.wanted for one in outbox.get_many(tx, handoff.workspace, keys))], now)


def redraw_messages(tx: Tx, handoff_ids: Collection[str], now: datetime) -> None:
    """Queue every message about these handoffs that can be false by now to be drawn again.

    For changes of an owner, a state or a deadline that are no verbs, such as new working hours and repairs.
    """
    outbox.put_each_at(tx, outdated_messages(tx, handoff_ids, now), now)


def outdated_messages(tx: Tx, handoff_ids: Collection[str], now: datetime) -> list[tuple[OutboxMessage, datetime]]:
    """Return every message about these handoffs that can be false by now, with when to draw it again.

    A reply tells what happened, and stays true.
    """
    found = unsettled.list_for_handoffs(tx, set(handoff_ids))
    return [(one.message, one.not_before or now) for one in found if one.message.kind != "reply"]
