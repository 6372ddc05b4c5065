"""The messages that carry reminders: alone or as rows of a batch, with the notices that record them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from slackapp.escalation.model import Notification
from slackapp.escalation.queries.batch_context import BatchContext
from slackapp.escalation.rules import batching
from slackapp.escalation.rules.audience import CHANNEL, WEBHOOK, is_person
from slackapp.escalation.rules.batching import BATCH_WINDOW, Placement, RecentReminders, Reminder
from slackapp.handoffs.rules import change_messages
from storage.clocks import notices
from storage.clocks.model import LevelAction, Notice, Timer
from storage.company.model import Queue
from storage.db.database import Tx
from storage.handoffs.model import Handoff
from storage.outbox import outbox, posted_messages
from storage.outbox.model import Destination, OutboxMessage

CALM: Final = "calm"
"""Reason in a notice that joined an existing batch message, without a notification of its own."""

Questions = Collection[tuple[str, str]]
"""The steps that ask "Still on it?", as (timer id, step key)."""


class QueuedNotification(NamedTuple):
    """One recipient's notification of one fired step, before its message is chosen."""

    handoff: Handoff
    queue: Queue
    timer: Timer
    step: str
    """The step's key."""
    notification: Notification
    deadline_at: datetime | None
    wake: bool
    """Whether people are notified at any hour, each reminder alone."""

    def is_for(self, person: str | None) -> bool:
        """Whether it is for this person, to them or to who covers for them."""
        return person in {self.notification.recipient, self.notification.instead_of}

    @property
    def key(self) -> str:
        """Key of the message if the notification is sent alone."""
        timer, who = self.timer, self.notification.recipient
        kind, _, what = who.partition(":") if who.startswith(WEBHOOK) else ("level", "", who)
        return f"{kind}:{timer.handoff_id}:{timer.clock}:{timer.run}:{self.step}:{what}"


def place(
    tx: Tx, workspace: str, queued_notifications: Iterable[QueuedNotification], now: datetime, *, released: bool = False
) -> dict[str, Placement]:
    """Return the message that carries each reminder for a person, by the reminder's own key.

    With `released`, the reminders were decided anew: a person's come together, however few they are.
    """
    by_user: dict[str, list[Reminder]] = defaultdict(list)
    for queued in queued_notifications:
        who, at = queued.notification.recipient, queued.notification.at
        if at is not None and is_person(who):
            by_user[who].append(Reminder(queued.key, at, queued.wake))
    recent = _recent(tx, workspace, by_user, now)
    return {
        reminder.key: placement
        for user, reminders in by_user.items()
        for reminder, placement in zip(
            reminders,
            batching.choose_messages(user, reminders, recent[user], now, released=released),
            strict=True,
        )
    }


def notice_of(queued: QueuedNotification, placement: Placement | None, now: datetime) -> Notice:
    """Return the notice that records a notification decided now."""
    timer, notification = queued.timer, queued.notification
    key = placement.key if placement else queued.key
    return Notice(
        workspace=timer.workspace,
        handoff_id=timer.handoff_id,
        recipient=notification.recipient,
        clock=timer.clock,
        level=queued.step,
        run=timer.run,
        put_at=now,
        hear_at=notification.at,
        why=CALM if placement and placement.joined else notification.why,
        message=None if notification.at is None else key,
        via=notification.via,
        instead_of=notification.instead_of,
    )


def messages_of(
    queued_notifications: Iterable[QueuedNotification],
    places: Mapping[str, Placement],
    batch_context: BatchContext,
    questions: Questions,
    now: datetime,
) -> Iterator[tuple[OutboxMessage, datetime]]:
    """Yield each message once, with when it may be sent: a batch as early as any of its rows."""
    batches: dict[tuple[str, str], datetime] = {}
    for queued in queued_notifications:
        notification, placement = queued.notification, places.get(queued.key)
        if notification.at is None:
            continue
        if placement is not None and batching.is_batch_key(placement.key):
            known = batches.setdefault((placement.key, notification.recipient), notification.at)
            batches[placement.key, notification.recipient] = min(known, notification.at)
        else:
            yield _single_message(queued, batch_context, questions), now
    for (key, user), at in batches.items():
        yield batching.batch_message_for(batch_context.workspace, key, user), at


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


def _single_message(queued: QueuedNotification, batch_context: BatchContext, questions: Questions) -> OutboxMessage:
    """Return the message about one step, with the roles that decide its recipient's buttons."""
    handoff, timer, who = queued.handoff, queued.timer, queued.notification.recipient
    deadline = queued.deadline_at.isoformat() if queued.deadline_at else None
    facts = {"clock": timer.clock, "level": queued.step, "run": timer.run, "deadline_at": deadline}
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
        "roles": batch_context.roles(queued.queue, who, handoff) if is_person(who) else [],
    }
    facts |= {"wake": True} if queued.wake else {}
    facts |= {"for": queued.notification.instead_of} if queued.notification.instead_of else {}
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
    asked = (queued.timer.id, queued.step) in questions
    return {"do": LevelAction.CHECK.value} if asked and queued.is_for(queued.handoff.owner) else {}
