"""Messages that remind people of a handoff among others: they are drawn again when there is news of it."""

from __future__ import annotations

from datetime import datetime

from slackapp.policy import calm, reactions
from slackapp.usecases import look
from storage import notices
from storage.database import Tx
from storage.lifecycle import Moved
from storage.picture import BundleScene
from storage.records import Handoff, Wanted


def naming(tx: Tx, moved: Moved) -> list[Wanted]:
    """The messages in which a handoff that has changed is one of many, to be drawn again."""
    return redrawn(tx, moved.after, moved.at)


def redrawn(tx: Tx, handoff: Handoff, now: datetime) -> list[Wanted]:
    """The messages in which a handoff is one of many. Those held until later are drawn when they are sent."""
    said = notices.messages_of(tx, handoff.id, now)
    return [reactions.bundle(handoff.workspace, key, user) for key, user in said if calm.is_bundle(key)]


def scene(tx: Tx, wanted: Wanted, posted: bool) -> BundleScene:
    """What a message with many reminders is drawn from."""
    rows, more = look.rows(tx, wanted.workspace, wanted.key)
    return BundleScene(rows=rows, reader=str(wanted.payload["user"]), more=more, posted=posted)
