"""The one message to somebody who is back: all that waited for them, instead of a burst of messages.

1. Direct messages and summaries that the absence held are taken out of the outbox.
2. So are the reminders that are due now, once they have been decided anew; they count as heard with this message.
3. What they were about becomes part of one message. It begins with what still needs the person, as it is when it is
   sent, and is kept current for a day.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from slackapp.handoffs.rules import message_topics
from slackapp.people.rules.availability import Unavailable
from slackapp.people.rules.personal_settings import delivery_of
from slackapp.personal.actions.held import WAIT_FOR_RETURN
from slackapp.personal.actions.summaries import SUMMARY
from storage.clocks import notices, unsettled
from storage.company.model import MessageDelivery, Person, Topic
from storage.db.database import Tx
from storage.handoffs import handoffs
from storage.outbox import outbox, parts, rescheduling
from storage.outbox.model import Destination, OutboxMessage
from storage.summaries import collected
from storage.summaries.model import CollectedMessage

BACK: Final = "back"
"""The kind of message."""
REMINDER: Final = "level"
"""The kind under which a reminder is collected."""
_DIRECT: Final = "dm"
_LISTED: Final = 60
"""Unfinished handoffs of the person whose changes redraw the message."""


def take_what_waited(tx: Tx, person: Person) -> list[CollectedMessage]:
    """Take the messages that an absence held out of the outbox. `person` is as stored before its end."""
    held = rescheduling.take_held(tx, person.workspace, person.id, Unavailable.AWAY, WAIT_FOR_RETURN)
    found: list[CollectedMessage] = []
    for message, put_at in held:
        if message.kind == SUMMARY:
            found += collected.list_for_summary(tx, person.workspace, person.id, message.key)
            continue
        topic = message_topics.topic_of(message.payload) if message.kind == _DIRECT else Topic.WATCHED
        if delivery_of(person, topic) is not MessageDelivery.NEVER:
            found.append(CollectedMessage(message=message, topic=topic, summary="", put_at=put_at))
    return found


def welcome_back(tx: Tx, person: Person, waited: Iterable[CollectedMessage], now: datetime) -> None:
    """Put the one message, with what waited and the reminders due now. `person` is as stored before the end."""
    workspace, since = person.workspace, (person.absent_since or now).isoformat()
    key = f"{BACK}:{person.id}:{since}"
    found = [
        CollectedMessage(message=one.message, topic=one.topic, summary=key, put_at=one.put_at)
        for one in (*waited, *_due_reminders(tx, person, now))
    ]
    collected.put_many(tx, found)
    own = [handoff.id for handoff in handoffs.list_live_of_person(tx, workspace, person.id)[:_LISTED]]
    parts.add_many(tx, workspace, key, [*own, *(one.message.handoff_id or "" for one in found)])
    facts = {"user": person.id, "since": since, "until": now.isoformat(), "cover": person.cover}
    message = OutboxMessage(
        workspace=workspace, key=key, kind=BACK, handoff_id=None, to=Destination(user=person.id), payload=facts
    )
    outbox.put(tx, [message], now)


def _due_reminders(tx: Tx, person: Person, now: datetime) -> list[CollectedMessage]:
    """Take the reminders that are due now out of the outbox."""
    workspace = person.workspace
    due = unsettled.list_due_for(tx, workspace, person.id, now)
    waiting = rescheduling.lock_waiting(tx, workspace, {one.message for one in due})
    taken = {key for key, is_posted in waiting.items() if not is_posted}
    for message in sorted(taken):
        notices.mark_heard(tx, workspace, message, now)
    rescheduling.withdraw(tx, workspace, taken)
    return [
        CollectedMessage(
            message=OutboxMessage(
                workspace=workspace,
                key=f"{one.message}:{one.handoff_id}",
                kind=REMINDER,
                handoff_id=one.handoff_id,
                to=Destination(user=person.id),
                payload={"clock": one.clock, "level": one.level},
            ),
            topic=Topic.LATE,
            summary="",
            put_at=now,
        )
        for one in due
        if one.message in taken
    ]
