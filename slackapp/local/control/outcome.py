"""What an act came to: the app's acknowledgement, or what the person would have seen instead."""

from dataclasses import dataclass
from typing import Any

from slackapp.local.courier import Sent
from slackapp.local.parcels import Answer, Kind, Parcel
from slackapp.local.wire import Json
from slackapp.local.workspace import Workspace


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """`error` is Slack's word (operation_timeout, dispatch_failed ...); `extra` joins the JSON answer."""

    error: str | None = None
    ack: Any = None
    took_ms: int = 0
    extra: Json | None = None

    def as_json(self) -> Json:
        """Return the answer of `/control/act/...`."""
        shown = {"ok": self.error is None, "error": self.error, "ack": self.ack, "took_ms": self.took_ms}
        return shown | (self.extra or {})


async def deliver(workspace: Workspace, kind: Kind, payload: Json) -> Sent:
    """Bring an interaction or command to the app."""
    return await workspace.courier.deliver(
        Parcel(kind=kind, payload=payload),
        signing_secret=workspace.world.app.signing_secret,
        at=workspace.clock.now(),
    )


def outcome(sent: Sent, error: str | None = None) -> Outcome:
    """Return what a delivery came to; `error` says what was wrong with an acknowledgement that did come."""
    answer: Answer = sent.answer
    return Outcome(error=answer.error or error, ack=answer.ack, took_ms=sent.took_ms)
