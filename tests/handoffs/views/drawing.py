"""Draw a message of any kind as the pump does, from made-up details."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from slackapp.capability import Kind, Kinds, MessageKind
from slackapp.directory.model import TroubleScene
from slackapp.escalation.model import BatchScene, Digest, DigestScene, ReminderRow
from slackapp.handoffs.model import HandoffDetails, HandoffScene
from slackapp.registers import REGISTERS
from slackapp.slack.block_kit.blocks import Post
from storage.company.model import Queue

Scene = HandoffScene | BatchScene | DigestScene | TroubleScene
MESSAGE_KINDS = REGISTERS.message_kinds
POSTED = {word: kind for word, kind in MESSAGE_KINDS.items() if isinstance(kind, MessageKind)}
"""The kinds of messages in Slack."""
ABOUT_ONE = ("card", "reply", "dm", "sent", "source", "level")
"""The kinds that are drawn from one handoff."""


def a_scene(
    kind: str,
    details: HandoffDetails | None,
    payload: Mapping[str, Any],
    queue: Queue | None = None,
    *,
    posted: bool = False,
    superseded: bool = False,
    rows: Sequence[ReminderRow] = (),
    more: int = 0,
    digest: Digest | None = None,
) -> Scene | None:
    """The scene of a message of a kind; None if its subject is missing."""
    if kind == "trouble":
        return TroubleScene(details=details, queue=queue, payload=payload)
    if kind == "bundle":
        return BatchScene(rows=rows, reader=str(payload["user"]), more=more, posted=posted)
    if kind == "digest":
        if digest is None or queue is None:
            return None
        return DigestScene(digest=digest, queue=queue, payload=payload, posted=posted, superseded=superseded)
    return HandoffScene(details=details, payload=payload, posted=posted, superseded=superseded) if details else None


def draw(
    kind: str,
    details: HandoffDetails | None,
    payload: Mapping[str, Any],
    now: datetime,
    queue: Queue | None = None,
    **more: Any,
) -> Post | None:
    """The message as the pump would draw it."""
    scene = a_scene(kind, details, payload, queue, **more)
    return POSTED[kind].draw(scene, now) if scene else None


def drawn_by(draw: Callable[[str, Scene, datetime], Post | None]) -> Kinds:
    """Every kind of message, drawn by the test's own function."""

    def by_test(word: str, kind: Kind) -> Kind:
        if not isinstance(kind, MessageKind):
            return kind
        return replace(kind, draw=lambda scene, now: draw(word, scene, now))

    return {word: by_test(word, kind) for word, kind in MESSAGE_KINDS.items()}
