"""Change handoffs as escalation levels demand (release, raise, reassign, check), and when Baton's own clocks are due.

Every change goes through `decide` and `carry_out.store`, in the transaction of the tick that holds the handoff's row.
The actor of a level's action is the clock, on behalf of the queue's managers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final, assert_never

from slackapp.clocks.queries import terms_of
from slackapp.clocks.rules import timekeeping
from slackapp.escalation.actions.reminder_messages import Questions
from slackapp.escalation.model import LevelFired, TimerFired
from slackapp.escalation.queries.batch_context import BatchContext
from slackapp.escalation.rules.recipients_of_step import QueueContext
from slackapp.handoffs.actions.carry_out import store
from slackapp.runtime.baton import Effect
from slackapp.slack import ids
from storage.clocks import notices, timers
from storage.clocks.model import ClockKind, Level, LevelAction, Notice, Timer
from storage.company import queues
from storage.company.model import Queue
from storage.db.database import Tx
from storage.handoffs import handoffs
from storage.handoffs.acts import Act, Assign, Edit, Lapse, Remind
from storage.handoffs.lifecycle import CLOCK, CLOCK_ACTOR, Actor, Moved, Role, State, decide
from storage.handoffs.model import Handoff, Priority, Text
from storage.outbox import outbox, posted_messages

_FOR_MANAGERS: Final = Actor(user=CLOCK, roles=frozenset({Role.CLOCK, Role.MANAGER}))
NO_ANSWER: Final = "no_answer"
"""Reason of a lapse after "Still on it?" got no answer."""
_URGENCY: Final = (Priority.LOW, Priority.NORMAL, Priority.HIGH, Priority.CRITICAL)


def fire_own_clock(tx: Tx, timer: Timer, now: datetime, *, effects: Iterable[Effect]) -> None:
    """Fire one of Baton's own clocks: end a snooze, or release work whose owner did not answer in time."""
    if timer.clock is ClockKind.SNOOZE:
        _change(tx, timer, Remind(), now, effects=effects)
        return
    handoff = handoffs.get(tx, timer.workspace, timer.handoff_id)
    question = _question_notice(tx, handoff, timer) if handoff else None
    later = _restarted_check(tx, handoff, timer, question, now) if handoff and question else None
    if question is None or later is None:
        _change(tx, timer, Lapse(text=Text(reason=NO_ANSWER)), now, effects=effects)
        return
    timers.put(tx, later)
    shown = posted_messages.get(tx, timer.workspace, question.message or "")
    outbox.put(tx, [shown.to_outbox_message()] if shown else [], now)  # its text names the end of the answer clock


def start_checks(tx: Tx, fired: Iterable[tuple[TimerFired, Queue]], now: datetime) -> Questions:
    """Start the answer clock of each "Still on it?" asked in this batch; return which steps ask it."""
    asked = set()
    for one, _ in fired:
        for level_fired in one.levels_fired:
            heard_at = _asks_owner_at(one, level_fired)
            if heard_at is not None:
                _await_answer(tx, one, level_fired.step.level, max(heard_at, now))
                asked.add((one.timer.id, level_fired.step.key))
    return asked


def carry_out_level(
    tx: Tx,
    fired: TimerFired,
    level_fired: LevelFired,
    batch_context: BatchContext,
    now: datetime,
    *,
    effects: Iterable[Effect],
) -> Moved | None:
    """Carry out the action (`do`) of a fired level, if the handoff still allows it; return the change."""
    queue = batch_context.queue(fired.handoff)
    wanted = _act_of_level(fired, level_fired, batch_context.queue_context(queue), now) if queue else None
    handoff = handoffs.get(tx, fired.timer.workspace, fired.timer.handoff_id) if wanted else None
    outcome = decide(handoff, wanted, _FOR_MANAGERS, now) if handoff and wanted else None
    if queue is None or not isinstance(outcome, Moved):
        return None
    store(tx, outcome, queue, effects, old_terms=batch_context.terms(queue))
    return outcome


def _act_of_level(fired: TimerFired, level_fired: LevelFired, queue_context: QueueContext, now: datetime) -> Act | None:
    level, handoff = level_fired.step.level, fired.handoff
    match level.do:
        case None:
            return None
        case LevelAction.RELEASE:
            return _release(level)
        case LevelAction.CHECK:
            waits = handoff.owner is None or handoff.asked_at is not None
            gone = not waits and _asks_owner_at(fired, level_fired) is None
            return _release(level) if gone else None
        case LevelAction.RAISE:
            return _raise(handoff)
        case LevelAction.REASSIGN:
            person = _assignee(level, queue_context, now)
            return Assign(person=person) if person else None
        case unknown:
            assert_never(unknown)


def _raise(handoff: Handoff) -> Edit | None:
    if handoff.priority is _URGENCY[-1]:
        return None
    return Edit(changes={"priority": _URGENCY[_URGENCY.index(handoff.priority) + 1]})


def _release(level: Level) -> Lapse:
    return Lapse(text=Text(reason=f"level:{level.key}"))


def _assignee(level: Level, queue_context: QueueContext, now: datetime) -> str | None:
    """Return who gets the work: the person named, or the first manager available now, else the first manager."""
    named = queue_context.audience.managers if level.to == "managers" else [level.to] if level.to else []
    present = [user for user in named if user not in queue_context.audience.gone]
    awake = (user for user in present if queue_context.availability_of(user).at == now)
    return next(awake, present[0] if present else None)


def _asks_owner_at(fired: TimerFired, level_fired: LevelFired) -> datetime | None:
    """Return when the owner gets "Still on it?"; None if the level does not ask, or the owner cannot answer.

    An owner who waits for the sender's answer is not asked.
    """
    handoff = fired.handoff
    if (
        level_fired.step.level.do is not LevelAction.CHECK
        or handoff.state is not State.CLAIMED
        or handoff.asked_at is not None
    ):
        return None
    asked = (one for one in level_fired.notifications if handoff.owner in {one.recipient, one.instead_of})
    return min((one.at for one in asked if one.at is not None), default=None)


def _await_answer(tx: Tx, fired: TimerFired, level: Level, since: datetime) -> None:
    """Start the clock for an answer; a question that is open already gets no more time."""
    if any(one.clock is ClockKind.CHECK for one in timers.list_live_for_handoff(tx, fired.handoff.id)):
        return
    waiting = timekeeping.start_own_clock(
        fired.handoff,
        ClockKind.CHECK,
        timer_id=ids.new_id("t"),
        seconds=level.within_s,
        calendar=terms_of(tx, fired.timer).calendar,
        since=since,
        run=fired.handoff.version,
        wall=fired.timer.wall,
    )
    timers.put(tx, waiting)


def move_check(tx: Tx, handoff: Handoff, *, was: datetime, since: datetime) -> None:
    """Let the time for an answer to a question that was to be asked at `was` begin at `since`."""
    for timer in timers.list_live_for_handoff(tx, handoff.id):
        if timer.clock is ClockKind.CHECK and timer.running_since == was:
            timers.put(tx, _check_from(tx, handoff, timer, since))


def _check_from(tx: Tx, handoff: Handoff, timer: Timer, since: datetime) -> Timer:
    """Return the answer clock as if it began at `since`."""
    return timekeeping.start_own_clock(
        handoff,
        ClockKind.CHECK,
        timer_id=timer.id,
        seconds=timer.target_s,
        calendar=terms_of(tx, timer).calendar,
        since=since,
        run=timer.run,
        wall=timer.wall,
    )


def _restarted_check(tx: Tx, handoff: Handoff, timer: Timer, question: Notice, now: datetime) -> Timer | None:
    """Return the answer clock restarted from when the question was read; None if its time is up all the same.

    The time for an answer starts when the question was delivered, so that nights, outages and a delayed pump cost
    nobody their work.
    """
    if question.message is None or question.hear_at is None:
        return None
    heard_at = question.heard_at
    if heard_at is None:
        if not outbox.get_pending_keys(tx, handoff.workspace, [question.message]):
            return None  # the question was given up
        heard_at = max(question.hear_at, now)
    if heard_at <= (timer.running_since or timer.started_at):
        return None
    later = _check_from(tx, handoff, timer, heard_at)
    return later if later.due_at is not None and later.due_at > now else None


def _question_notice(tx: Tx, handoff: Handoff, check: Timer) -> Notice | None:
    """Return the notice of the "Still on it?" that started the answer clock; repeats give no more time."""
    asking = {
        (timer.clock, level.key)
        for timer in timers.list_live_for_handoff(tx, handoff.id)
        for level in terms_of(tx, timer).levels(timer.clock)
        if level.do is LevelAction.CHECK
    }
    asked: Sequence[Notice] = [
        notice
        for notice in notices.list_for_handoff(tx, handoff.id)
        if (notice.clock, notice.level.partition("#")[0]) in asking
        and handoff.owner in {notice.recipient, notice.instead_of}
        and notice.message is not None
        and notice.put_at <= check.started_at
    ]
    return asked[-1] if asked else None


def _change(tx: Tx, timer: Timer, wanted: Act, now: datetime, *, effects: Iterable[Effect]) -> None:
    """Apply an act of the clock to its handoff in its present state, if allowed: another clock may have changed it."""
    handoff = handoffs.get(tx, timer.workspace, timer.handoff_id)
    queue = queues.get(tx, timer.workspace, handoff.queue) if handoff else None
    outcome = decide(handoff, wanted, CLOCK_ACTOR, now) if handoff else None
    if isinstance(outcome, Moved) and queue is not None:
        store(tx, outcome, queue, effects)
