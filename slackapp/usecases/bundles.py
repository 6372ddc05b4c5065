"""Messages that remind people of a handoff among others: they are drawn again when there is news of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from slackapp.escalation.model import BundleScene
from slackapp.escalation.queries import batches
from slackapp.escalation.rules import batching
from slackapp.policy import calm
from storage.clocks import notices
from storage.db.database import Tx
from storage.handoffs.model import Handoff
from storage.outbox.model import OutboxMessage


def redrawn(tx: Tx, handoff: Handoff, now: datetime) -> list[OutboxMessage]:
    """The messages in which a handoff is one of many. Those held until later are drawn when they are sent."""
    return among(handoff, notices.list_messages_for_handoff(tx, handoff.id, now))


def among(handoff: Handoff, said: Iterable[tuple[str, str]]) -> list[OutboxMessage]:
    """Those of the messages about a handoff's clocks, (key, recipient), in which it is one of many."""
    return [batching.bundle(handoff.workspace, key, user) for key, user in said if calm.is_bundle(key)]


def scene(tx: Tx, wanted: OutboxMessage, posted: bool) -> BundleScene:
    """What a message with many reminders is drawn from."""
    rows, more = batches.reminder_rows(tx, wanted.workspace, wanted.key)
    return BundleScene(rows=rows, reader=str(wanted.payload["user"]), more=more, posted=posted)
