"""Messages that wait until somebody can hear them: they come sooner when that is sooner than was expected."""

from __future__ import annotations

from datetime import datetime

from slackapp.people.rules.availability import availability
from storage.clocks import notices
from storage.company.model import Person
from storage.db.database import Tx
from storage.outbox import outbox


def bring_forward(tx: Tx, before: Person, after: Person, now: datetime) -> None:
    """Let what waits for a person be sent sooner if this new fact ends their Do Not Disturb or their absence sooner.

    The pump asks once more before it sends: what waits for their working hours as well goes on waiting.
    """
    waited_for, at = availability(before, None, now).at, availability(after, None, now).at
    if waited_for is not None and at is not None and at < waited_for:
        outbox.bring_forward(tx, after.workspace, notices.release_held(tx, after.workspace, after.id, at), at)
