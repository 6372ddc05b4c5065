"""The registrations of the handoffs package: clicks, forms, shortcuts, words and kinds of messages."""

from __future__ import annotations

from operator import attrgetter
from typing import Final

from slackapp.capability import Capability, Kinds, MessageKind
from slackapp.handoffs.listeners import buttons, commands, details, notes, verb_forms
from slackapp.handoffs.model import HandoffScene
from slackapp.handoffs.queries import load
from slackapp.handoffs.rules import message_topics
from slackapp.handoffs.views import messages
from storage.db.database import Tx
from storage.handoffs.lifecycle import Verb
from storage.outbox.model import OutboxMessage


def _awaits_card(scene: HandoffScene) -> bool:
    return scene.details.permalink is None and scene.details.queue.trouble is None


def _dm(tx: Tx, wanted: OutboxMessage, posted: bool) -> HandoffScene | None:
    """Load a direct message; one about completed work includes the receivers' verdicts on the context."""
    return load.scene(tx, wanted, posted, judged=wanted.payload.get("verb") == Verb.COMPLETE)


_MESSAGE_KINDS: Final[Kinds] = {
    "card": MessageKind[HandoffScene](
        load=load.scene,
        draw=messages.card_of_hop,
        about=attrgetter("handoff"),
        shows_card=True,
        is_card=True,
    ),
    "reply": MessageKind[HandoffScene](load=load.scene, draw=messages.reply, about=attrgetter("handoff")),
    "dm": MessageKind[HandoffScene](
        load=_dm,
        draw=messages.dm,
        about=attrgetter("handoff"),
        private_reader=lambda scene: str(scene.payload["user"]),
        topic=message_topics.topic_of,
        waits_for_return=True,
        awaits_card=_awaits_card,
        shows_card=True,
    ),
    "sent": MessageKind[HandoffScene](
        load=load.scene,
        draw=messages.sent,
        about=attrgetter("handoff"),
        private_reader=lambda scene: scene.details.handoff.originator,
        awaits_card=_awaits_card,
        shows_card=True,
    ),
    "source": MessageKind[HandoffScene](
        load=load.scene,
        draw=messages.source,
        about=attrgetter("handoff"),
        awaits_card=_awaits_card,
        shows_card=True,
        in_foreign_thread=True,
    ),
}

CAPABILITY: Final = Capability(
    clicks={**buttons.CLICKS, **details.CLICKS, **notes.CLICKS},
    forms={**verb_forms.FORMS, **notes.FORMS},
    opens={**buttons.OPENS, **details.OPENS, **notes.OPENS},
    shortcuts=notes.SHORTCUTS,
    words=commands.WORDS,
    message_kinds=_MESSAGE_KINDS,
)
