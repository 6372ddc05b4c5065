"""Messages that remind people of a handoff among others: they are drawn again when there is news of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

from slackapp.escalation.model import BundleScene, ReminderRow
from slackapp.escalation.rules import batching
from slackapp.handoffs.model import HandoffDetails
from slackapp.handoffs.queries.load import details
from slackapp.people.queries import team_of
from slackapp.people.rules.permissions import ACTING_ROLES, Team, actor
from storage.clocks import batches, notices
from storage.clocks.model import Notice
from storage.company import people
from storage.db.database import Tx
from storage.handoffs.model import Handoff
from storage.outbox.model import OutboxMessage


def redrawn(tx: Tx, handoff: Handoff, now: datetime) -> list[OutboxMessage]:
    """The messages in which a handoff is one of many. Those held until later are drawn when they are sent."""
    return among(handoff, notices.list_messages_for_handoff(tx, handoff.id, now))


def among(handoff: Handoff, said: Iterable[tuple[str, str]]) -> list[OutboxMessage]:
    """Those of the messages about a handoff's clocks, (key, recipient), in which it is one of many."""
    return [batching.bundle(handoff.workspace, key, user) for key, user in said if batching.is_bundle(key)]


def scene(tx: Tx, wanted: OutboxMessage, posted: bool) -> BundleScene:
    """What a message with many reminders is drawn from."""
    rows, more = reminder_rows(tx, wanted.workspace, wanted.key)
    return BundleScene(rows=rows, reader=str(wanted.payload["user"]), more=more, posted=posted)


MOST_ROWS: Final = 40
"""Handoffs that one message shows: each takes a section and a button, and Slack takes 50 blocks."""


def reminder_rows(tx: Tx, workspace: str, message: str, limit: int = MOST_ROWS) -> tuple[list[ReminderRow], int]:
    """What a message about many handoffs shows, a handoff to a row, and how many more still need an answer.

    Those whose clock runs come first; each has its history, which says what became of it.
    """
    shown = batches.list_notices(tx, workspace, message, limit)
    seen = [(details(tx, workspace, notice.handoff_id, history=True), notice) for notice in shown]
    more = batches.count_with_live_timer(tx, workspace, message) - limit if len(shown) == limit else 0
    return list(_reminded(tx, [(found, notice) for found, notice in seen if found is not None])), max(more, 0)


def _reminded(tx: Tx, seen: Iterable[tuple[HandoffDetails, Notice]]) -> Iterator[ReminderRow]:
    """The rows with what their reader is in each queue; a queue's people are read once."""
    teams: dict[str, Team] = {}
    for found, notice in seen:
        queue = found.queue
        if queue.key not in teams:
            teams[queue.key] = team_of(tx, queue)
        person = people.get(tx, queue.workspace, notice.recipient)
        roles = actor(notice.recipient, person, teams[queue.key], found.handoff).roles
        yield ReminderRow(details=found, notice=notice, roles=roles & ACTING_ROLES)
