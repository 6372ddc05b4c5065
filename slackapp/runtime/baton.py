"""What every use case is given: the database, the clock, the effects of changes, and how to wake who delivers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from slackapp.runtime.clock import Clock
from storage.db.database import Database, Tx
from storage.handoffs.lifecycle import Moved
from storage.outbox.model import OutboxMessage

Effect = Callable[[Tx, Moved], Iterable[OutboxMessage]]
"""What an accepted change puts into the outbox besides a handoff's own messages.

Called in the change's transaction, after the change is written. It reads and may write through the transaction, and
nothing else; the messages that it returns are put into the outbox together with all others.
"""

PATIENCE_S: Final = 1.0
"""How long somebody's form may wait for the database: its trigger lives for three seconds."""

DUE_SOON: Final = timedelta(minutes=1)
"""A clock that is due within this time is worth a tick of its own; every other one is found by the regular ticks."""


def _nobody() -> None:
    """Wake nobody: the default where no pump runs in this process."""


def _unheard(_why: str | None) -> None:
    """Tell nobody: the default where no readiness is asked for."""


@dataclass(frozen=True, kw_only=True)
class Baton:
    """One running Baton. Built once in `slackapp.app`, shared by all threads, holds no state of its own."""

    db: Database
    clock: Clock
    effects: tuple[Effect, ...] = ()
    """What a change of a handoff puts into the outbox besides the handoff's own messages."""
    wake_pump: Callable[[], None] = _nobody
    wake_tick: Callable[[], None] = _nobody
    shut_out: Callable[[str | None], None] = _unheard
    """Told why Slack does not let Baton in any more, in a sentence that says what to do; None when it does again."""

    def wake(self, now: datetime, due_at: datetime | None) -> None:
        """Wake whoever delivers after a change, and the tick if something that was armed is due soon.

        Args:
            now: when the change was made.
            due_at: the earliest instant at which something that it has armed is due, if it has armed anything.
        """
        self.wake_pump()
        if due_at is not None and due_at <= now + DUE_SOON:
            self.wake_tick()
