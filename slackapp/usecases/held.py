"""Messages that wait until somebody can hear them: they come sooner when that is sooner than was expected."""

from __future__ import annotations

from datetime import datetime

from slackapp.policy.reach import reach
from storage import notices, outbox
from storage.database import Tx
from storage.records import Person


def bring_forward(tx: Tx, before: Person, after: Person, now: datetime) -> None:
    """Let what waits for a person be sent now if this new fact ends their Do Not Disturb or their absence.

    The pump asks once more before it sends: what waits for their working hours as well goes on waiting.
    """
    if reach(before, None, now).at == now or reach(after, None, now).at != now:
        return
    outbox.hasten(tx, after.workspace, notices.bring_forward(tx, after.workspace, after.id, now), now)
