"""Build the JSON events of escalation for webhooks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from slackapp.handoffs.model import HandoffDetails, HandoffScene
from slackapp.handoffs.rules.privacy import stub_of
from storage.clocks.model import ClockKind

ESCALATED: Final = "handoff.escalated"


def event(scene: HandoffScene, at: datetime) -> dict[str, Any] | None:
    """Return the event of an escalated level, or None once its clock has stopped."""
    runs = scene.details.running(ClockKind(scene.payload["clock"]), scene.payload["run"])
    return escalated(scene.details, scene.payload, at) if runs else None


def escalated(details: HandoffDetails, payload: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """Return the event `handoff.escalated`: a level of a clock fired at an instant.

    Args:
        details: the handoff.
        payload: what the outbox keeps of the message: the clock, the level, its deadline.
        at: when the level spoke.
    """
    handoff = stub_of(details.handoff)
    return {
        "type": ESCALATED,
        "timestamp": at.isoformat(),
        "data": {
            "id": handoff.id,
            "number": handoff.number,
            "title": handoff.title,
            "queue": handoff.queue,
            "state": handoff.state.value,
            "priority": handoff.priority.value,
            "owner": handoff.owner,
            "sender": handoff.sender,
            "clock": payload["clock"],
            "level": payload["level"],
            "deadline_at": payload.get("deadline_at"),
            "permalink": details.permalink,
        },
    }
