"""Read a handoff with its surroundings, as views are given it."""

from __future__ import annotations

from slackapp.views.picture import Picture
from storage import audit, handoffs, messages, notes, queues, timers
from storage.database import Tx
from storage.records import Posted, Queue


def picture(tx: Tx, workspace: str, handoff_id: str, *, history: bool = False) -> Picture | None:
    """Everything a view may show of a handoff, or None if there is no such handoff.

    `history` adds the audit and who held it when: only Show all needs them. A queue that was removed from the
    configuration still has its key as name.
    """
    handoff = handoffs.get(tx, workspace, handoff_id)
    if handoff is None:
        return None
    queue = queues.get(tx, workspace, handoff.queue)
    entries = audit.of(tx, handoff_id) if history else []
    return Picture(
        handoff=handoff,
        queue=queue or Queue(workspace=workspace, key=handoff.queue, name=handoff.queue, channel=""),
        timers=tuple(timers.running(tx, handoff_id)),
        notes=tuple(notes.of(tx, handoff_id)),
        cards=card_links(messages.of(tx, handoff_id)),
        history=tuple(entries),
        custody=tuple(audit.custody(entries)) if history else (),
    )


def card_links(posted: list[Posted]) -> dict[int, str]:
    """Permalinks of the cards among these messages, by hop."""
    return {
        int(message.payload["hop"]): message.permalink
        for message in posted
        if message.kind == "card" and message.permalink
    }
