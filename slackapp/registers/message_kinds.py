"""Every kind of message, by the word that the outbox keeps: rows for each package, and all of them joined."""

from __future__ import annotations

from functools import partial
from typing import Final

from slackapp.capability import CallKind, Kind, Kinds, MessageKind, Subject
from slackapp.usecases import bundles, digests, look, repair
from slackapp.views import bundles as bundle_views
from slackapp.views import digests as digest_views
from slackapp.views import events, levels, messages, troubles
from storage.database import Tx
from storage.lifecycle import Verb
from storage.picture import BundleScene, DigestScene, HandoffScene, TroubleScene
from storage.records import Clock, Handoff, Wanted


def _handoff(scene: HandoffScene) -> Handoff:
    return scene.picture.handoff


def _awaits_card(scene: HandoffScene) -> bool:
    return scene.picture.permalink is None and scene.picture.queue.trouble is None


def _dm(tx: Tx, wanted: Wanted, posted: bool) -> HandoffScene | None:
    """Whoever is told that work is done is told what its receivers made of the context."""
    return look.scene(tx, wanted, posted, judged=wanted.payload.get("verb") == Verb.COMPLETE)


HANDOFFS: Final[Kinds] = {
    "card": MessageKind[HandoffScene](
        load=partial(look.scene, custody=True),
        draw=messages.card_of_hop,
        about=_handoff,
        shows_card=True,
        is_card=True,
    ),
    "reply": MessageKind[HandoffScene](load=look.scene, draw=messages.reply, about=_handoff),
    "dm": MessageKind[HandoffScene](
        load=_dm,
        draw=messages.dm,
        about=_handoff,
        private_reader=lambda scene: str(scene.payload["user"]),
        awaits_card=_awaits_card,
        shows_card=True,
    ),
    "sent": MessageKind[HandoffScene](
        load=look.scene,
        draw=messages.sent,
        about=_handoff,
        private_reader=lambda scene: scene.picture.handoff.originator,
        awaits_card=_awaits_card,
        shows_card=True,
    ),
    "source": MessageKind[HandoffScene](
        load=look.scene,
        draw=messages.source,
        about=_handoff,
        awaits_card=_awaits_card,
        shows_card=True,
        in_foreign_thread=True,
    ),
}


def _spoken_of(scene: HandoffScene) -> list[Subject]:
    picture = scene.picture
    timer = picture.timer(Clock(scene.payload["clock"]))
    return [Subject(handoff=picture.handoff, queue=picture.queue, timer=timer)]


def _rows_spoken_of(scene: BundleScene) -> list[Subject]:
    return [
        Subject(
            handoff=row.picture.handoff,
            queue=row.picture.queue,
            timer=row.picture.timer(row.notice.clock),
            hear_at=row.notice.hear_at,
        )
        for row in scene.rows
    ]


def _outside(tx: Tx, wanted: Wanted) -> HandoffScene | None:
    found = look.picture(tx, wanted.workspace, str(wanted.payload["handoff"]))
    return HandoffScene(picture=found, payload=wanted.payload) if found else None


ESCALATION: Final[Kinds] = {
    "level": MessageKind[HandoffScene](
        load=partial(look.scene, history=True),  # only the history knows what became of a reminder
        draw=levels.message,
        about=_handoff,
        reminds_of=_spoken_of,
        shows_card=True,
        has_notices=True,
    ),
    "bundle": MessageKind[BundleScene](
        load=bundles.scene,
        draw=bundle_views.message,
        reminds_of=_rows_spoken_of,
        has_notices=True,
        grows=True,
    ),
    "digest": MessageKind[DigestScene](load=digests.scene, draw=digest_views.message),
    "webhook": CallKind[HandoffScene](load=_outside, draw=events.event, has_notices=True),
}

DIRECTORY: Final[Kinds] = {
    "trouble": MessageKind[TroubleScene](
        load=repair.scene,
        draw=troubles.message,
        about=lambda scene: scene.picture.handoff if scene.picture else None,
    ),
}


def joined(*packages: Kinds) -> Kinds:
    """The kinds of several packages, private work a stub in all of them.

    Raises:
        ValueError: two packages have a kind of the same word.
    """
    found: dict[str, Kind] = {}
    for rows in packages:
        twice = found.keys() & rows.keys()
        if twice:
            raise ValueError(f"two kinds of message are called {', '.join(sorted(twice))}")
        found |= {word: messages.private_as_stub(kind) for word, kind in rows.items()}
    return found


MESSAGE_KINDS: Final = joined(HANDOFFS, ESCALATION, DIRECTORY)
