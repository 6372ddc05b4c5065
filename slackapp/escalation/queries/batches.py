"""Read batch messages: their rows, and which of them list a handoff and so are redrawn when it changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

from slackapp.escalation.model import BatchScene, ReminderRow
from slackapp.escalation.rules import batching
from slackapp.handoffs.model import HandoffDetails
from slackapp.handoffs.queries.load import details
from slackapp.handoffs.queries.sight import was_reminded_here
from slackapp.people.queries import team_of
from slackapp.people.rules.permissions import ACTING_ROLES, Team, actor
from storage.clocks import batches, notices
from storage.clocks.model import Notice
from storage.company import people
from storage.db.database import Tx
from storage.handoffs.model import Handoff
from storage.outbox.model import OutboxMessage


def redrawn_batches(tx: Tx, handoff: Handoff, now: datetime) -> list[OutboxMessage]:
    """Return the batch messages to redraw that list a handoff; those held until later are drawn when sent."""
    return batches_among(handoff.workspace, notices.list_messages_for_handoff(tx, handoff.id, now))


def batches_among(workspace: str, messages: Iterable[tuple[str, str]]) -> list[OutboxMessage]:
    """Return the batch messages among messages about handoffs' clocks, given as (key, recipient)."""
    return [batching.batch_message_for(workspace, key, user) for key, user in messages if batching.is_batch_key(key)]


def scene(tx: Tx, wanted: OutboxMessage, posted: bool) -> BatchScene:
    """Return everything a batch message is drawn from."""
    rows, more = reminder_rows(tx, wanted.workspace, wanted.key)
    return BatchScene(rows=rows, reader=str(wanted.payload["user"]), more=more, posted=posted)


MOST_ROWS: Final = 40
"""Rows of one batch message: each takes a section and a button, and Slack takes 50 blocks."""


def reminder_rows(tx: Tx, workspace: str, message: str, limit: int = MOST_ROWS) -> tuple[list[ReminderRow], int]:
    """Return a batch message's rows, one per notice, and how many more handoffs still need an answer.

    Those whose clock runs come first; each has its history, which says what became of it.
    """
    shown = batches.list_notices(tx, workspace, message, limit)
    seen = [
        (details(tx, workspace, one.handoff_id, history=True, also=[one.instead_of] if one.instead_of else []), one)
        for one in shown
    ]
    more = batches.count_with_live_timer(tx, workspace, message) - limit if len(shown) == limit else 0
    return list(_with_roles(tx, [(found, notice) for found, notice in seen if found is not None])), max(more, 0)


def _with_roles(tx: Tx, seen: Iterable[tuple[HandoffDetails, Notice]]) -> Iterator[ReminderRow]:
    """Yield the rows with their reader's roles in each queue; a queue's people are read once."""
    teams: dict[str, Team] = {}
    for found, notice in seen:
        queue = found.queue
        if queue.key not in teams:
            teams[queue.key] = team_of(tx, queue)
        person = people.get(tx, queue.workspace, notice.recipient)
        roles = actor(notice.recipient, person, teams[queue.key], found.handoff).roles
        if teams[queue.key].is_private and not roles and not was_reminded_here(tx, notice.recipient, found.handoff):
            continue  # passed on to a team that does not exist for this reader
        yield ReminderRow(details=found, notice=notice, roles=roles & ACTING_ROLES)
