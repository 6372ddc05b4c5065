"""Register the message kinds, the `/handoff why` command and the redraw effect of escalation."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from operator import attrgetter
from typing import Any, Final

from slackapp.capability import CallKind, Capability, Kinds, MessageKind, RemindedClock, Scheduled
from slackapp.escalation.actions import decide_anew, digests, effects
from slackapp.escalation.listeners import WORDS
from slackapp.escalation.model import BatchScene, DigestScene
from slackapp.escalation.queries import batches
from slackapp.escalation.views import digest_messages, levels, webhook_events
from slackapp.escalation.views.batch_messages import message
from slackapp.handoffs.model import HandoffScene
from slackapp.handoffs.queries import load
from storage.clocks.model import ClockKind
from storage.company.model import Topic
from storage.db.database import Tx
from storage.outbox.model import OutboxMessage


def _subjects(scene: HandoffScene) -> list[RemindedClock]:
    details = scene.details
    timer = details.timer(ClockKind(scene.payload["clock"]))
    return [RemindedClock(handoff=details.handoff, queue=details.queue, timer=timer)]


def _row_subjects(scene: BatchScene) -> list[RemindedClock]:
    return [
        RemindedClock(
            handoff=row.details.handoff,
            queue=row.details.queue,
            timer=row.details.timer(row.notice.clock),
            hear_at=row.notice.hear_at,
        )
        for row in scene.rows
    ]


def _topic(_payload: Mapping[str, Any]) -> Topic:
    return Topic.LATE


def _webhook_scene(tx: Tx, wanted: OutboxMessage) -> HandoffScene | None:
    found = load.details(tx, wanted.workspace, str(wanted.payload["handoff"]))
    return HandoffScene(details=found, payload=wanted.payload) if found else None


_MESSAGE_KINDS: Final[Kinds] = {
    "level": MessageKind[HandoffScene](
        load=partial(load.scene, history=True),  # only the history knows what became of a reminder
        draw=levels.message,
        about=attrgetter("handoff"),
        topic=_topic,
        reminds_of=_subjects,
        shows_card=True,
        has_notices=True,
    ),
    "bundle": MessageKind[BatchScene](
        load=batches.scene,
        draw=message,
        topic=_topic,
        reminds_of=_row_subjects,
        has_notices=True,
        grows=True,
    ),
    "digest": MessageKind[DigestScene](load=digests.scene, draw=digest_messages.message),
    "webhook": CallKind[HandoffScene](load=_webhook_scene, draw=webhook_events.event, has_notices=True),
}

CAPABILITY: Final = Capability(
    words=WORDS,
    message_kinds=_MESSAGE_KINDS,
    effects=(effects.after_change,),
    people_effects=(decide_anew.for_people,),
    scheduled=(Scheduled(run=digests.put_due_digests, next_due_at=digests.next_digest_due_at),),
)
