"""What every use case gets: the database, the clock, the effects of changes, and functions that wake pump and tick."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from slackapp.runtime.clock import Clock
from storage.db.database import Database, Tx
from storage.handoffs.lifecycle import Moved
from storage.outbox.model import OutboxMessage

Effect = Callable[[Tx, Moved], Iterable[OutboxMessage]]
"""Returns the outbox messages that follow from an accepted change, besides the handoff's own messages.

Called in the change's transaction, after the change is written; it must only read and write through that transaction.
"""

PeopleEffect = Callable[[Tx, str, Collection[str], datetime], None]
"""Follows a change of facts about people and user groups, given by id, in a workspace: who they are, when they can be
notified, who belongs to a group. Called in the change's transaction, after the facts are written, with the instant.
"""

_FACTS: Final = "facts"
"""The name of the lock between those who change facts and the clocks that fire by them."""
PATIENCE_S: Final = 10.0
"""Longest wait for the database of what is read for a person, in seconds. In a listener its own limit ends sooner; what
fills an open modal has this long."""

DUE_SOON: Final = timedelta(minutes=1)
"""A clock that is due within this time gets an extra tick; the regular ticks find all others."""


def _wake_nothing() -> None:
    """Do nothing: no pump or tick runs in this process."""


def _look_nobody_up(_id: str) -> None:
    """Do nothing: this process has no directory."""


def _ignore(_why: str | None) -> None:
    """Do nothing: this process reports no readiness."""


@dataclass(frozen=True, kw_only=True)
class Baton:
    """The dependencies of use cases. Built once in `slackapp.app`, shared by all threads, without state."""

    db: Database
    clock: Clock
    effects: tuple[Effect, ...] = ()
    """Called in this order for every accepted change."""
    people_effects: tuple[PeopleEffect, ...] = ()
    """Called in this order when stored facts about people have changed."""
    wake_pump: Callable[[], None] = _wake_nothing
    wake_tick: Callable[[], None] = _wake_nothing
    look_up: Callable[[str], None] = _look_nobody_up
    """Has a person who acts looked up in Slack soon, because nothing is known of them, or nothing that admits them."""
    read_channel: Callable[[str], None] = _look_nobody_up
    """Has the people in a channel read from Slack soon, because everybody in it may claim there from now on."""
    on_slack_access: Callable[[str | None], None] = _ignore
    """Called with a sentence when Slack revokes Baton's access, and with None when access is back."""

    def lock_facts(self, tx: Tx, *, shared: bool = False) -> None:
        """Let no due clock fire until the transaction ends, which changes facts that the clocks go by.

        With `shared` the reverse: whoever changes such facts waits, and finds all that was decided before. On
        PostgreSQL several processes may do either at once. Take it before any handoff is locked.
        """
        self.db.lock(tx, _FACTS, shared=shared)

    def after_people(self, tx: Tx, workspace: str, refs: Collection[str], now: datetime) -> None:
        """Carry out what follows from changed facts about these people and user groups; nothing without any."""
        for effect in self.people_effects if refs else ():
            effect(tx, workspace, refs, now)

    def wake(self, now: datetime, due_at: datetime | None) -> None:
        """Wake the pump after a change, and the tick if a clock of it is due soon.

        Args:
            now: when the change was made.
            due_at: the earliest instant at which a clock that it armed is due; None if it armed none.
        """
        self.wake_pump()
        if due_at is not None and due_at <= now + DUE_SOON:
            self.wake_tick()
