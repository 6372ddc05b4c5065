"""Whether an event came before. Slack sends an event again when it heard no answer, up to an hour or a day later.

What an event teaches is safe to learn twice, so it is remembered only after it was learned: a crash between the two
costs a repetition, never the event.
"""

from __future__ import annotations

from slackapp.runtime.baton import Baton
from storage.db import receipts


def seen(baton: Baton, workspace: str, event_id: str) -> bool:
    """Whether this event was learned before."""
    with baton.db.reading() as tx:
        return receipts.get(tx, workspace, _key(event_id)) is not None


def remember(baton: Baton, workspace: str, event_id: str) -> None:
    """Note that this event was learned."""
    now = baton.clock.now()
    baton.db.retrying(lambda tx: receipts.take_or_get(tx, workspace, _key(event_id), now))


def _key(event_id: str) -> str:
    return f"event:{event_id}"
