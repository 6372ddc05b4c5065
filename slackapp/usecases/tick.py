"""Time passes: levels that are due are decided anew, entered in the audit, and said, in one transaction per batch.

1. Take handoffs whose clock is due, locked against other processes.
2. Read each afresh: if it moved on, its clock stopped with it; a clock that nobody may hear any more is stopped now.
3. Of the levels that are due only the highest speaks; the lower ones count as fired. The sender hears of lateness once.
4. Escalation, clock and outbox are written together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

import structlog

from slackapp.policy import audience, levels, reactions
from slackapp.policy.audience import CHANNEL, Audience
from slackapp.policy.clocks import Terms
from slackapp.policy.permissions import concerned
from slackapp.usecases.actors import actor_for, team_of
from slackapp.usecases.baton import Baton
from slackapp.usecases.carry_out import record
from slackapp.usecases.terms import terms_of
from storage import handoffs, outbox, pacing, people, queues, receipts, timers
from storage.acts import Escalate
from storage.database import Tx
from storage.lifecycle import Actor, Refused, Role, decide
from storage.records import Address, Handoff, Level, Queue, Timer, Wanted

CLOCK: Final = Actor(user="clock", roles=frozenset({Role.CLOCK}))
_ROLES_THAT_ACT: Final = frozenset({Role.MEMBER, Role.MANAGER})
_log = structlog.get_logger(__name__)
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
        else:
            _silence(tx, handoff_id, now)
    return len(due)


def _silence(tx: Tx, handoff_id: str, now: datetime) -> None:
    """Stop the clocks of a handoff that is in no queue: nobody could be told, and they would be due for ever."""
    _log.error("clocks of a handoff without a queue are stopped", handoff=handoff_id)
    for timer in timers.running(tx, handoff_id):
        _disarm(tx, timer, terms_of(tx, timer), now)


def _disarm(tx: Tx, timer: Timer, terms: Terms, now: datetime) -> None:
    timers.put(tx, replace(levels.stop(timer, terms.calendar, now), met=None))


def _look_at(tx: Tx, handoff: Handoff, queue: Queue, now: datetime) -> None:
    for timer in timers.running(tx, handoff.id):
        if timer.due_at is not None and timer.due_at <= now:
            handoff = _reach(tx, handoff, queue, timer, now)


def _reach(tx: Tx, handoff: Handoff, queue: Queue, timer: Timer, now: datetime) -> Handoff:
    """Let the levels speak that are due, and arm the clock for the next one."""
    terms = terms_of(tx, timer)
    ladder = terms.levels(timer.clock)
    reached = levels.reached(timer, ladder, terms.calendar, now)
    is_news = audience.is_late_for_the_first_time(timer, levels.instants(timer, ladder, terms.calendar), reached)
    timers.put(tx, levels.mark(timer, reached.keys, ladder, terms.calendar, now))
    for step in reached.speaking:
        around = _audience(tx, handoff, queue, step.level)
        told = audience.recipients(step.level.tell, handoff, around)
        if is_news:
            told = audience.with_sender(told, handoff, around)
            is_news = False
        act = Escalate(clock=timer.clock, level=step.key, told=told, deadline_at=timer.deadline_at)
        outcome = decide(handoff, act, CLOCK, now)
        if isinstance(outcome, Refused):
            _disarm(tx, timer, terms, now)
            return handoff
        handoff = outcome.after
        handoffs.save(tx, outcome.before, handoff)
        record(tx, outcome)
        messages = _messages(tx, handoff, queue, timer, level=step.key, told=told)
        outbox.put(tx, [reactions.card(handoff, queue), *messages], now)
    return handoff


def _messages(
    tx: Tx, handoff: Handoff, queue: Queue, timer: Timer, *, level: str, told: Iterable[str]
) -> Iterator[Wanted]:
    """The level's messages, with the roles that decide which buttons each reader gets."""
    deadline = timer.deadline_at.isoformat() if timer.deadline_at else None
    facts = {"clock": timer.clock, "level": level, "run": timer.run, "deadline_at": deadline}
    for recipient in told:
        roles = sorted(_ROLES_THAT_ACT & actor_for(tx, recipient, queue, handoff).roles)
        yield Wanted(
            workspace=handoff.workspace,
            key=f"level:{handoff.id}:{timer.clock}:{timer.run}:{level}:{recipient}",
            kind="level",
            handoff_id=handoff.id,
            to=Address(reply_to=reactions.card_key(handoff)) if recipient == CHANNEL else Address(user=recipient),
            payload={**facts, "recipient": recipient, "roles": roles},
        )


def _audience(tx: Tx, handoff: Handoff, queue: Queue, level: Level) -> Audience:
    """The people that the level's words may mean, with what is known about them."""
    team = team_of(tx, queue)
    groups = {word: people.expand(tx, queue.workspace, [word]) for word in level.tell if word.startswith("S")}
    around = {*team.managers, *team.admins, *concerned(handoff), *level.tell}.union(*groups.values())
    known = people.many(tx, queue.workspace, around)
    return Audience(
        managers=tuple(team.managers),
        managers_of={user: person.manager for user, person in known.items() if person.manager},
        admins=tuple(team.admins),
        groups=groups,
        gone=frozenset(user for user, person in known.items() if not person.can_own),
    )


RECEIPTS_KEPT: Final = timedelta(days=2)
"""Slack repeats an event for up to 25 hours where Delayed Events is on; a form is open for a day at most."""


def next_due(baton: Baton) -> datetime | None:
    """The instant at which the next level is due, or None."""
    with baton.db.reading() as tx:
        return timers.next_due(tx)


def purge(baton: Baton) -> None:
    """Forget receipts that nobody will ask for any more, and limits of Slack that are long over."""
    before = baton.clock.now() - RECEIPTS_KEPT

    def work(tx: Tx) -> None:
        receipts.purge(tx, before)
        pacing.purge(tx, before)

    baton.db.retrying(work)
