"""Time passes: levels that are due are decided anew, entered in the audit, and said, in one transaction per batch.

1. Take handoffs whose clock is due, locked against other processes.
2. Read each afresh: if it moved on, its clock stopped with it and there is nothing to do.
3. Of the levels that are due only the highest speaks; the lower ones count as fired. The sender hears once that it is late.
4. Escalation, clock and outbox are written together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

from slackapp.policy import audience, levels, reactions
from slackapp.policy.audience import CHANNEL, Audience
from slackapp.policy.clocks import Terms
from slackapp.usecases.actors import team_of
from slackapp.usecases.baton import Baton
from slackapp.usecases.carry_out import record
from slackapp.usecases.terms import terms_of
from storage import handoffs, outbox, people, queues, timers
from storage.acts import Escalate
from storage.database import Tx
from storage.lifecycle import Actor, Moved, Role, decide
from storage.records import Address, Handoff, Level, Queue, Timer, Wanted

CLOCK: Final = Actor(user="clock", roles=frozenset({Role.CLOCK}))
BATCH: Final = 100
"""Handoffs per transaction: short enough that nobody who presses Claim waits noticeably for it."""


def tick(baton: Baton) -> int:
    """Do everything that is due now. Return how many handoffs were looked at."""
    done = 0
    while count := baton.db.retrying(lambda tx: _batch(tx, baton.clock.now())):
        done += count
    if done:
        baton.wake_pump()
    return done


def _batch(tx: Tx, now: datetime) -> int:
    due = timers.due(tx, now, BATCH)
    for workspace, handoff_id in due:
        handoff = handoffs.get(tx, workspace, handoff_id)
        queue = queues.get(tx, workspace, handoff.queue) if handoff else None
        if handoff and queue:
            _look_at(tx, handoff, queue, now)
    return len(due)


def _look_at(tx: Tx, handoff: Handoff, queue: Queue, now: datetime) -> None:
    for timer in timers.running(tx, handoff.id):
        if timer.due_at is not None and timer.due_at <= now:
            handoff = _reach(tx, handoff, queue, timer, now)


def _reach(tx: Tx, handoff: Handoff, queue: Queue, timer: Timer, now: datetime) -> Handoff:
    """Escalate the highest level that is due, and arm the clock for the next one."""
    terms = terms_of(tx, timer)
    ladder = terms.levels(timer.clock)
    reached = levels.reached(timer, ladder, terms.calendar, now)
    timers.put(tx, levels.fire(timer, reached, ladder, terms.calendar, now))
    if not reached:
        return handoff
    key = reached[0]
    level = levels.level_of(key, ladder)
    told = _told(tx, handoff, queue, timer, level, reached)
    act = Escalate(clock=timer.clock, level=key, told=told, deadline_at=timer.deadline_at)
    outcome = decide(handoff, act, CLOCK, now)
    if not isinstance(outcome, Moved):
        return handoff
    handoffs.save(tx, outcome.before, outcome.after)
    record(tx, outcome)
    outbox.put(tx, [reactions.card(outcome.after, queue), *_messages(outcome.after, timer, key, told)], now)
    return outcome.after


def _told(
    tx: Tx, handoff: Handoff, queue: Queue, timer: Timer, level: Level, reached: Iterable[str]
) -> tuple[str, ...]:
    """Whom the level tells, and the sender when this is the first they hear of lateness."""
    named = audience.recipients(level.tell, handoff, _audience(tx, queue, level))
    is_late = levels.is_late(level) and not any(levels.is_late(levels.level_of(k, (level,))) for k in ())
    return named


def _messages(handoff: Handoff, timer: Timer, level: str, told: Iterable[str]) -> Iterator[Wanted]:
    for recipient in told:
        deadline = timer.deadline_at.isoformat() if timer.deadline_at else None
        yield Wanted(
            workspace=handoff.workspace,
            key=f"level:{handoff.id}:{timer.clock}:{timer.run}:{level}:{recipient}",
            kind="level",
            handoff_id=handoff.id,
            to=Address(reply_to=reactions.card_key(handoff)) if recipient == CHANNEL else Address(user=recipient),
            payload={
                "clock": timer.clock,
                "level": level,
                "run": timer.run,
                "deadline_at": deadline,
                "recipient": recipient,
            },
        )


def _audience(tx: Tx, queue: Queue, level: Level) -> Audience:
    team = team_of(tx, queue)
    groups = {word: people.group_members(tx, queue.workspace, word) for word in level.tell if word.startswith("S0")}
    everyone = {*team.managers, *team.admins, *(p for group in groups.values() for p in group)}
    known = {person.id: person for person in people.many(tx, queue.workspace, everyone)}
    return Audience(
        managers=tuple(team.managers),
        managers_of={user: person.manager for user, person in known.items() if person.manager},
        admins=tuple(team.admins),
        groups=groups,
        gone=frozenset(user for user, person in known.items() if not person.can_own),
    )


__all__ = ["Terms", "tick"]
