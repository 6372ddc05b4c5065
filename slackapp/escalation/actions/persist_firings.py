"""Store the fired timers of a batch: timers, audit entries, notices and outbox messages, one statement each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from slackapp.escalation.actions.effects import everything_about
from slackapp.escalation.actions.reminder_messages import (
    Questions,
    QueuedNotification,
    messages_of,
    notice_of,
    place,
)
from slackapp.escalation.model import LevelFired, TimerFired
from slackapp.escalation.queries.batch_context import BatchContext
from slackapp.escalation.rules.audience import CHANNEL
from slackapp.handoffs.rules import change_messages
from storage.clocks import notices, timers
from storage.company.model import Queue
from storage.db.database import Tx
from storage.handoffs import audit
from storage.handoffs.acts import Escalate
from storage.handoffs.lifecycle import CLOCK, Verb
from storage.outbox import outbox


def persist(
    tx: Tx, fired: Sequence[tuple[TimerFired, Queue]], batch_context: BatchContext, questions: Questions, now: datetime
) -> None:
    """Store fired timers of one workspace, with their audit entries, notices and outbox messages.

    All that names a handoff which is late now is drawn again.
    """
    timers.put_many_fired(tx, (one.timer for one, _ in fired))
    entries = [(one.handoff, _facts(one, level_fired)) for one, _ in fired for level_fired in one.levels_fired]
    audit.add_many(tx, batch_context.workspace, entries, at=now, verb=Verb.ESCALATE, actor=CLOCK)
    queued_notifications = [
        QueuedNotification(one.handoff, queue, one.timer, level_fired.step.key, notification, one.deadline_at, one.wake)
        for one, queue in fired
        for level_fired in one.levels_fired
        for notification in level_fired.notifications
    ]
    places = place(tx, batch_context.workspace, queued_notifications, now)
    notices.add_many(tx, (notice_of(queued, places.get(queued.key), now) for queued in queued_notifications))
    cards = [(change_messages.card(one.handoff, queue), now) for one, queue in fired if _redraws_card(one)]
    messages = messages_of(queued_notifications, places, batch_context, questions, now)
    late = {one.handoff.id: one.handoff for one, _ in fired if one.is_news}
    told_before = everything_about(tx, batch_context.workspace, late.values(), now)
    outbox.put_each_at(tx, [*told_before, *cards, *messages], now)


def _redraws_card(fired: TimerFired) -> bool:
    """Whether the card has to be redrawn: the work is late now, or it must exist for a reply in its thread."""
    return fired.is_news or any(CHANNEL in level_fired.notified_now for level_fired in fired.levels_fired)


def _facts(fired: TimerFired, level_fired: LevelFired) -> dict[str, Any]:
    """Return the audit facts of a step: who is notified now, later (and why), or never (and why)."""
    later = [one for one in level_fired.notifications if one.why and one.at]
    never = [one for one in level_fired.notifications if one.at is None]
    return Escalate(
        clock=fired.timer.clock,
        level=level_fired.step.key,
        told=level_fired.notified_now,
        deadline_at=fired.deadline_at,
        due_at=level_fired.step.due_at,
        held=tuple((one.recipient, one.why or "", one.at.isoformat()) for one in later if one.at),
        skipped=tuple((one.recipient, one.why or "") for one in never),
        climbed=level_fired.climbed,
    ).facts()
