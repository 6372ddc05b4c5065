"""Redraw a card that somebody saw in an outdated state."""

from __future__ import annotations

from slackapp.handoffs.model import Seen
from slackapp.handoffs.rules import change_messages
from slackapp.runtime.baton import Baton
from storage.db.database import Tx
from storage.outbox import archive, outbox


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
