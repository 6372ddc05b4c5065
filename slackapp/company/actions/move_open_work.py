"""Pass the open work of a queue that is removed on to another queue, in the transaction that removes it.

Baton does it for the queue's managers: work that somebody has is put back first, with the reason, and then passed on.
Everybody concerned is told as if a manager had done it, and every step is in the audit.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from slackapp.handoffs.actions.carry_out import store
from slackapp.runtime.baton import Effect
from storage.company.model import Queue
from storage.db.database import Tx
from storage.handoffs import handoffs
from storage.handoffs.acts import Act, Release, Transfer
from storage.handoffs.lifecycle import CLOCK, Actor, Moved, Role, State, decide
from storage.handoffs.model import Handoff, Text

_FOR_MANAGERS: Final = Actor(user=CLOCK, roles=frozenset({Role.CLOCK, Role.MANAGER}))


def move_open_work(tx: Tx, old: Queue, new: Queue, now: datetime, *, effects: Iterable[Effect]) -> int:
    """Pass on everything in `old` that is not finished; return how many handoffs. None may be with its sender."""
    why = Text(plain=f"{old.name} no longer exists. All its open work goes to {new.name}.")
    found = handoffs.list_every_live_in_queue(tx, old.workspace, old.key)
    for handoff in found:
        here = _done(tx, handoff, Release(text=why), old, now, effects) if handoff.state is State.CLAIMED else handoff
        _done(tx, here, Transfer(queue=new.key, text=why), old, now, effects)
    return len(found)


def _done(  # noqa: PLR0917 - a handoff, what is done to it, and where and when
    tx: Tx, handoff: Handoff, act: Act, queue: Queue, now: datetime, effects: Iterable[Effect]
) -> Handoff:
    outcome = decide(handoff, act, _FOR_MANAGERS, now)
    if not isinstance(outcome, Moved):
        raise TypeError(f"the clock may not {act.verb} {handoff.id}: {outcome.why}")
    store(tx, outcome, queue, effects)
    moved = handoffs.get(tx, handoff.workspace, handoff.id)
    if moved is None:
        raise LookupError(handoff.id)
    return moved
