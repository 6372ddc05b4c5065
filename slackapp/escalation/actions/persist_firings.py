"""Store the fired timers of a batch: timers, audit entries, notices and outbox messages, one statement each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from slackapp.escalation.model import LevelFired, Notification, TimerFired
from slackapp.escalation.queries.batch_context import BatchContext
from slackapp.escalation.rules import batching
from slackapp.escalation.rules.audience import CHANNEL, WEBHOOK, is_person
from slackapp.escalation.rules.batching import BATCH_WINDOW, Placement, RecentReminders, Reminder
from slackapp.handoffs.rules import change_messages
from storage.clocks import notices, timers
from storage.clocks.model import LevelAction, Notice
from storage.company.model import Queue
from storage.db.database import Tx
from storage.handoffs import audit
from storage.handoffs.acts import Escalate
from storage.handoffs.lifecycle import CLOCK, Verb
from storage.outbox import outbox, posted_messages
from storage.outbox.model import Destination, OutboxMessage

_CALM: Final = "calm"
"""Reason in a notice that joined an existing batch message, without a notification of its own."""

Questions = Collection[tuple[str, str]]
"""The steps that ask "Still on it?", as (timer id, step key)."""


class QueuedNotification(NamedTuple):
    """One recipient's notification of one fired step, before its message is chosen."""

    key: str
    """Key of the message if the notification is sent alone."""
    fired: TimerFired
    queue: Queue
    level_fired: LevelFired
    notification: Notification


def persist(
    tx: Tx, fired: Sequence[tuple[TimerFired, Queue]], batch_context: BatchContext, questions: Questions, now: datetime
) -> None:
    """Store fired timers of one workspace, with their audit entries, notices and outbox messages."""
    timers.put_many_fired(tx, (one.timer for one, _ in fired))
    entries = [(one.handoff, _facts(one, level_fired)) for one, _ in fired for level_fired in one.levels_fired]
    audit.add_many(tx, batch_context.workspace, entries, at=now, verb=Verb.ESCALATE, actor=CLOCK)
    queued_notifications = [
        QueuedNotification(_key(one, level_fired, notification), one, queue, level_fired, notification)
        for one, queue in fired
        for level_fired in one.levels_fired
        for notification in level_fired.notifications
    ]
    places = _placements(tx, batch_context.workspace, queued_notifications, now)
    notices.add_many(tx, (_notice(queued, places.get(queued.key), now) for queued in queued_notifications))
    cards = [(change_messages.card(one.handoff, queue), now) for one, queue in fired if _redraws_card(one)]
    messages = _messages(queued_notifications, places, batch_context, questions, now)
    outbox.put_each_at(tx, [*cards, *messages], now)


def _key(fired: TimerFired, level_fired: LevelFired, notification: Notification) -> str:
    timer, who = fired.timer, notification.recipient
    kind, _, what = who.partition(":") if who.startswith(WEBHOOK) else ("level", "", who)
    return f"{kind}:{timer.handoff_id}:{timer.clock}:{timer.run}:{level_fired.step.key}:{what}"


def _redraws_card(fired: TimerFired) -> bool:
    """Whether the card has to be redrawn: it shows something new, or must exist for a reply in its thread."""
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


def _placements(
    tx: Tx, workspace: str, queued_notifications: Iterable[QueuedNotification], now: datetime
) -> dict[str, Placement]:
    """Return the message that carries each reminder for a person, by the reminder's own key."""
    by_user: dict[str, list[Reminder]] = defaultdict(list)
    for queued in queued_notifications:
        who, at = queued.notification.recipient, queued.notification.at
        if at is not None and is_person(who):
            by_user[who].append(Reminder(queued.key, at, queued.fired.wake))
    recent = _recent(tx, workspace, by_user, now)
    return {
        reminder.key: place
        for user, reminders in by_user.items()
        for reminder, place in zip(reminders, batching.choose_messages(user, reminders, recent[user], now), strict=True)
    }


def _recent(
    tx: Tx, workspace: str, by_user: Mapping[str, Sequence[Reminder]], now: datetime
) -> dict[str, RecentReminders]:
    """Return each person's reminders of the last quarter of an hour, as far as they decide anything."""
    at_once = {
        user: count
        for user, reminders in by_user.items()
        if (count := sum(not reminder.wake and reminder.at <= now for reminder in reminders))
    }
    keys = [key for user in at_once for key in batching.candidate_keys(user, now)]
    begun: dict[str, datetime | None] = {**dict.fromkeys(outbox.get_pending_keys(tx, workspace, keys))}
    begun |= posted_messages.get_posted_at(tx, workspace, keys)
    mine = {user: {key: begun[key] for key in batching.candidate_keys(user, now) if key in begun} for user in by_user}
    few = [user for user, count in at_once.items() if count < batching.BATCH_FROM and not mine[user]]
    heard = notices.count_heard(tx, workspace, few, now - BATCH_WINDOW, now)
    return {user: RecentReminders(batches=batches, heard=heard.get(user, 0)) for user, batches in mine.items()}


def _notice(queued: QueuedNotification, place: Placement | None, now: datetime) -> Notice:
    timer, notification = queued.fired.timer, queued.notification
    key = place.key if place else queued.key
    return Notice(
        workspace=timer.workspace,
        handoff_id=timer.handoff_id,
        recipient=notification.recipient,
        clock=timer.clock,
        level=queued.level_fired.step.key,
        run=timer.run,
        put_at=now,
        hear_at=notification.at,
        why=_CALM if place and place.joined else notification.why,
        message=None if notification.at is None else key,
    )


def _messages(
    queued_notifications: Iterable[QueuedNotification],
    places: Mapping[str, Placement],
    batch_context: BatchContext,
    questions: Questions,
    now: datetime,
) -> Iterator[tuple[OutboxMessage, datetime]]:
    """Yield each message once, with when it may be sent: a batch as early as any of its rows."""
    batches: dict[tuple[str, str], datetime] = {}
    for queued in queued_notifications:
        notification, place = queued.notification, places.get(queued.key)
        if notification.at is None:
            continue
        if place is not None and batching.is_batch_key(place.key):
            known = batches.setdefault((place.key, notification.recipient), notification.at)
            batches[place.key, notification.recipient] = min(known, notification.at)
        else:
            yield _single_message(queued, batch_context, questions), now
    for (key, user), at in batches.items():
        yield batching.batch_message_for(batch_context.workspace, key, user), at


def _single_message(queued: QueuedNotification, batch_context: BatchContext, questions: Questions) -> OutboxMessage:
    """Return the message about one step, with the roles that decide its recipient's buttons."""
    fired, who = queued.fired, queued.notification.recipient
    handoff, timer = fired.handoff, fired.timer
    deadline = fired.deadline_at.isoformat() if fired.deadline_at else None
    facts = {"clock": timer.clock, "level": queued.level_fired.step.key, "run": timer.run, "deadline_at": deadline}
    if who.startswith(WEBHOOK):
        facts |= {"webhook": who.removeprefix(WEBHOOK), "handoff": handoff.id}
        return OutboxMessage(  # not the handoff's own: an address that does not answer must not hold up its card
            workspace=handoff.workspace,
            key=queued.key,
            kind="webhook",
            handoff_id=None,
            to=Destination(),
            payload=facts,
        )
    facts |= {
        "recipient": who,
        "roles": batch_context.roles(queued.queue, who, queued.fired.handoff) if is_person(who) else [],
    }
    facts |= {"wake": True} if fired.wake else {}
    return OutboxMessage(
        workspace=handoff.workspace,
        key=queued.key,
        kind="level",
        handoff_id=handoff.id,
        to=Destination(reply_to=change_messages.card_key(handoff)) if who == CHANNEL else Destination(user=who),
        payload=facts | _check_fact(queued, questions),
    )


def _check_fact(queued: QueuedNotification, questions: Questions) -> dict[str, str]:
    """Return the payload entry that turns a reminder to the owner into "Still on it?"."""
    asked = (queued.fired.timer.id, queued.level_fired.step.key) in questions
    return (
        {"do": LevelAction.CHECK.value} if asked and queued.notification.recipient == queued.fired.handoff.owner else {}
    )
