"""The tick: fire due timers in batches; each batch decides, audits and puts its messages in one transaction.

1. Lock handoffs with a due clock against other processes and people's acts; only then read their clocks. Every change
   of a handoff writes its row first, so the clocks read here fit their handoff, and one that has moved is not due.
2. Ends of snoozes and unanswered questions change the handoff, one by one, as a person's act would.
3. Of the levels that are due only the highest notifies; the lower ones count as fired. The decision is pure.
4. Clocks, audit, notices and outbox are written together, one statement each for the whole batch: what costs is the
   round trip and the statement, hardly the row. For the same reason queues, policies and people are read per batch.
5. The actions of levels (`do`) come last; they change the handoff through `carry_out.store`. What they mean for
   reminders (`effects.after_change`) is decided for the whole batch at once.
6. A batch is as large as fits into the time that somebody who acts may wait for it (`rules.batch_size`).
7. Then expired contents are erased (`handoffs.actions.erase_expired`).
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

import structlog

from slackapp.clocks.rules import timekeeping
from slackapp.escalation.actions import level_actions
from slackapp.escalation.actions.effects import after_change, after_changes
from slackapp.escalation.actions.persist_firings import persist
from slackapp.escalation.model import TimerFired
from slackapp.escalation.queries.batch_context import BatchContext
from slackapp.escalation.rules import batch_size, fire
from slackapp.handoffs.actions import erase_expired
from slackapp.runtime import garbage
from slackapp.runtime.baton import Baton, Effect
from storage.clocks import timers
from storage.clocks.model import OWN_CLOCKS, Timer
from storage.company.model import Queue
from storage.db.database import Tx
from storage.handoffs import handoffs
from storage.handoffs.lifecycle import CLOCK_ACTOR, Verb, why_not
from storage.handoffs.model import Handoff
from storage.outbox import outbox

_log = structlog.get_logger(__name__)


def tick(baton: Baton) -> int:
    """Fire everything that is due now and erase expired contents; return how many handoffs were processed."""
    done, size = 0, batch_size.FIRST
    while (batch := _next_batch(baton, size)).taken:
        done += batch.due
        size = batch_size.next_size(size, batch.took_s)
    while count := baton.db.run_transaction(lambda tx: erase_expired.erase_due(tx, baton.clock.now(), baton.effects)):
        done += count
    if done:
        baton.wake_pump()
    return done


class _Batch(NamedTuple):
    """A batch that is committed."""

    taken: int
    """The handoffs that were locked."""
    due: int
    """Those among them that still had a due clock by then: another process may just have fired it."""
    took_s: float
    """How long others had to wait for it at the most."""


def _next_batch(baton: Baton, size: int) -> _Batch:
    """Process a batch while nobody changes the facts that it goes by."""
    begun_at_s = 0.0

    def work(tx: Tx) -> tuple[int, int]:
        nonlocal begun_at_s
        baton.lock_facts(tx, shared=True)
        begun_at_s = time.monotonic()  # only now it holds anybody up
        return _batch(tx, baton.clock.now(), baton.effects, size)

    with garbage.collection_off():  # it takes a sixth of the whole tick
        taken, due = baton.db.run_transaction(work)
    return _Batch(taken, due, time.monotonic() - begun_at_s)


def _batch(tx: Tx, now: datetime, effects: Sequence[Effect], size: int) -> tuple[int, int]:
    """Process a batch; return how many handoffs were locked, and how many of them had a due clock."""
    taken = timers.lock_due_handoffs(tx, now, size)
    by_workspace: dict[str, list[Handoff]] = defaultdict(list)
    for handoff in taken:
        by_workspace[handoff.workspace].append(handoff)
    due = 0
    for workspace, some in by_workspace.items():
        due += _process_workspace(tx, workspace, {handoff.id: handoff for handoff in some}, now, effects)
    return len(taken), due


def _process_workspace(
    tx: Tx, workspace: str, taken: dict[str, Handoff], now: datetime, effects: Sequence[Effect]
) -> int:
    due = timers.list_due(tx, taken, now)
    handoffs_due = len({timer.handoff_id for timer in due})
    own = [timer for timer in due if timer.clock in OWN_CLOCKS]
    for timer in own:
        level_actions.fire_own_clock(tx, timer, now, effects=effects)
    if own:
        taken |= handoffs.get_many(tx, {timer.handoff_id for timer in own})
        due = timers.list_due(tx, taken, now)
    _fire_timers(tx, taken, due, now, workspace=workspace, effects=effects)
    return handoffs_due


def _fire_timers(
    tx: Tx,
    taken: Mapping[str, Handoff],
    due: Sequence[Timer],
    now: datetime,
    *,
    workspace: str,
    effects: Sequence[Effect],
) -> None:
    batch_context = BatchContext.read(tx, workspace, taken.values(), due, now)
    fired: list[tuple[TimerFired, Queue]] = []
    for timer in due:
        handoff = taken[timer.handoff_id]
        queue = batch_context.queue(handoff)
        if queue is None or timer.clock in OWN_CLOCKS or why_not(handoff, Verb.ESCALATE, CLOCK_ACTOR):
            _stop_silently(tx, timer, batch_context, now, has_queue=queue is not None)
            continue
        fired.append(
            (fire.fire(handoff, timer, batch_context.terms_of(timer), batch_context.queue_context(queue), now), queue)
        )
    persist(tx, fired, batch_context, level_actions.start_checks(tx, fired, now), now)
    own = [effect for effect in effects if effect is not after_change]
    moves = [
        level_actions.carry_out_level(tx, one, level_fired, batch_context, now, effects=own)
        for one, _ in fired
        for level_fired in one.levels_fired
        if level_fired.step.level.do is not None
    ]
    outbox.put(tx, after_changes(tx, [moved for moved in moves if moved is not None]), now)


def _stop_silently(tx: Tx, timer: Timer, batch_context: BatchContext, now: datetime, *, has_queue: bool) -> None:
    """Stop a clock without notifications, because its handoff is finished or its queue does not exist any more."""
    if not has_queue:
        _log.error("a timer was stopped because its handoff has no queue", handoff=timer.handoff_id, clock=timer.clock)
    timers.put(tx, replace(timekeeping.stop(timer, batch_context.terms_of(timer).calendar, now), met=None))


def next_due(baton: Baton) -> datetime | None:
    """Return the instant at which the next level is due or contents expire, or None."""
    with baton.db.reading() as tx:
        return min((at for at in (timers.next_due_at(tx), handoffs.next_erasure_at(tx)) if at), default=None)
