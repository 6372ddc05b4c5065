"""Read models of watching."""

from __future__ import annotations

from dataclasses import dataclass

from slackapp.handoffs.model import HandoffScene


@dataclass(frozen=True, kw_only=True)
class WatchScene:
    """What a message to somebody who watches is drawn from."""

    scene: HandoffScene
    reader: str
    is_visible: bool
    """Whether they still watch it and may still see it."""
