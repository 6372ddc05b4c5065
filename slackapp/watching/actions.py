"""Begin and stop to watch a handoff: the person's row, and the message that follows it, in one transaction."""

from __future__ import annotations

from slackapp.handoffs.model import Missing
from slackapp.handoffs.queries.find import seen_by
from slackapp.handoffs.rules import change_messages
from slackapp.runtime.baton import Baton
from storage.db.database import Tx
from storage.handoffs import watchers
from storage.outbox import outbox


def watch(baton: Baton, *, workspace: str, handoff_id: str, user: str) -> bool:
    """Let a person watch a handoff, if they may see it; return whether they may."""
    now = baton.clock.now()

    def work(tx: Tx) -> bool:
        seen = seen_by(tx, workspace, handoff_id, user, now)
        if isinstance(seen, Missing) or not seen.visible:
            return False
        watchers.add(tx, workspace, handoff_id, user, now)
        outbox.put(tx, [change_messages.watch(seen.details.handoff, user)], now)
        return True

    may = baton.db.run_for_listener(work)
    baton.wake_pump()
    return may


def stop_watching(baton: Baton, *, workspace: str, handoff_id: str, user: str) -> None:
    """Let a person no longer watch a handoff; the message about it goes."""
    now = baton.clock.now()

    def work(tx: Tx) -> None:
        seen = seen_by(tx, workspace, handoff_id, user, now)
        watchers.remove(tx, handoff_id, user)
        if not isinstance(seen, Missing):
            outbox.put(tx, [change_messages.watch(seen.details.handoff, user, erase=True)], now)

    baton.db.run_for_listener(work)
    baton.wake_pump()
