"""Read the notification log of a handoff: who was notified of what, and the state of each clock."""

from __future__ import annotations

from dataclasses import replace

from slackapp.escalation.model import NotificationLog
from slackapp.handoffs.model import Missing
from slackapp.handoffs.queries import load
from slackapp.handoffs.queries.find import seen_by
from slackapp.handoffs.queries.load import calendars_of, undelivered
from slackapp.runtime.baton import PATIENCE_S, Baton
from storage.clocks import notices, timers
from storage.company import people
from storage.handoffs import handoffs
from storage.outbox import archive, outbox, parts, posted_messages


def load_notification_log(baton: Baton, *, workspace: str, number: int, user: str) -> NotificationLog | Missing:
    """Return the log of the handoff `#number`; `Missing` if there is none that this person may see."""
    now = baton.clock.now()
    with baton.db.reading(wait_s=PATIENCE_S) as tx:
        handoff = handoffs.get_by_number(tx, workspace, number)
        seen = seen_by(tx, workspace, handoff.id, user, now, history=True) if handoff else Missing()
        if handoff is None or isinstance(seen, Missing) or not seen.visible:
            return Missing()
        told = notices.list_for_handoff(tx, handoff.id)
        listing = [key for _, key in parts.keys_by_handoff(tx, [handoff.id])]
        posted = [*load.posted(tx, handoff), *posted_messages.get_many(tx, workspace, listing)]
        clocks = timers.list_for_handoff(tx, handoff.id)
        pending = [*undelivered(tx, handoff, told), *outbox.get_many(tx, workspace, listing)]
        addresses = [*(message.to for message in posted), *(one.wanted.to for one in pending)]
        users = {user for notice in told for user in (notice.recipient, notice.instead_of) if user} | {
            to.user or "" for to in addresses
        }
        names = {person.id: person.name for person in people.get_many(tx, workspace, users - {""}).values()}
        details = replace(seen.details, names={**seen.details.names, **names})
        return NotificationLog(
            details=details,
            clocks=clocks,
            notices=told,
            posted=posted,
            pending=pending,
            calendars=calendars_of(tx, workspace, clocks),
            now=now,
            pruned=handoff.final and archive.has(tx, handoff.id),
        )
