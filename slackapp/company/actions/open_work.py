"""Pass on or cancel the open work of a queue that is removed, in the transaction that removes it.

Work is passed on by Baton for the queue's managers. What somebody has is put back first, with the reason. What is back
with its sender is sent back again from the new queue, with the question that it was sent back with. Everybody concerned
is told as if a manager had done it, and every step is in the audit.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from slackapp.handoffs.actions.carry_out import store
from slackapp.runtime.baton import Effect
from storage.company.model import Queue
from storage.db.database import Tx
from storage.handoffs import handoffs, notes
from storage.handoffs.acts import Act, Cancel, Release, Resend, Return, Transfer
from storage.handoffs.lifecycle import CLOCK, Actor, Moved, Role, State, Verb, decide
from storage.handoffs.model import Handoff, Text

_FOR_MANAGERS: Final = Actor(user=CLOCK, roles=frozenset({Role.CLOCK, Role.MANAGER}))


def move_open_work(tx: Tx, old: Queue, new: Queue, now: datetime, *, effects: Iterable[Effect]) -> int:
    """Pass on everything in `old` that is not finished; return how many handoffs."""
    doing = _Doing(tx=tx, actor=_FOR_MANAGERS, now=now, effects=tuple(effects))
    why = Text(plain=f"{old.name} no longer exists. All its open work goes to {new.name}.")
    found = handoffs.list_every_live_in_queue(tx, old.workspace, old.key)
    for handoff in found:
        asked = _last_question(tx, handoff) if handoff.state is State.RETURNED else None
        here = handoff
        if handoff.state is State.CLAIMED:
            here = doing.do(handoff, Release(text=why), old)
        elif asked is not None:
            here = doing.do(handoff, Resend(text=why), old, people_told=False)
        moved = doing.do(here, Transfer(queue=new.key, text=why), old)
        if asked is not None:
            doing.do(moved, Return(text=asked), new)
    return len(found)


def cancel_open_work(tx: Tx, queue: Queue, user: str, why: Text, now: datetime, *, effects: Iterable[Effect]) -> int:
    """Cancel everything in a queue that is not finished, for an admin; return how many handoffs."""
    admin = Actor(user=user, roles=frozenset({Role.MANAGER}))
    doing = _Doing(tx=tx, actor=admin, now=now, effects=tuple(effects))
    found = handoffs.list_every_live_in_queue(tx, queue.workspace, queue.key)
    for handoff in found:
        doing.do(handoff, Cancel(text=why), queue)
    return len(found)


@dataclass(frozen=True, kw_only=True)
class _Doing:
    """Who acts on handoffs, when, and what follows from it."""

    tx: Tx
    actor: Actor
    now: datetime
    effects: tuple[Effect, ...]

    def do(self, handoff: Handoff, act: Act, queue: Queue, *, people_told: bool = True) -> Handoff:
        """Carry out an act on a handoff in this queue, and return the handoff as it is then."""
        outcome = decide(handoff, act, self.actor, self.now)
        if not isinstance(outcome, Moved):
            raise TypeError(f"{self.actor.user} may not {act.verb} {handoff.id}: {outcome.why}")
        store(self.tx, outcome, queue, self.effects, people_told=people_told)
        after = handoffs.get(self.tx, handoff.workspace, handoff.id)
        if after is None:
            raise LookupError(handoff.id)
        return after


def _last_question(tx: Tx, handoff: Handoff) -> Text:
    """What a handoff that is back with its sender was sent back with."""
    asked = [note.text for note in notes.list_for_handoff(tx, handoff.id) if note.verb == Verb.RETURN]
    return asked[-1] if asked else Text()
