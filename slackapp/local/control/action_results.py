"""Results of acts: the app's acknowledgement, or the error the person would have seen."""

from dataclasses import dataclass
from typing import Any

from slackapp.local.delivery.envelopes import Acknowledgement, Envelope, PayloadKind
from slackapp.local.delivery.transport import DeliveryResult
from slackapp.local.protocol.types import Json
from slackapp.local.workspace.workspace import SlackWorkspace


@dataclass(frozen=True, kw_only=True)
class ActionResult:
    """`error` is Slack's word (operation_timeout, dispatch_failed ...); `extra` joins the JSON answer."""

    error: str | None = None
    ack: Any = None
    took_ms: int = 0
    extra: Json | None = None

    def as_json(self) -> Json:
        """Return the answer of `/control/act/...`."""
        shown = {"ok": self.error is None, "error": self.error, "ack": self.ack, "took_ms": self.took_ms}
        return shown | (self.extra or {})


async def deliver(workspace: SlackWorkspace, kind: PayloadKind, payload: Json) -> DeliveryResult:
    """Bring an interaction or command to the app."""
    return await workspace.transport.deliver(
        Envelope(kind=kind, payload=payload),
        signing_secret=workspace.state.app.signing_secret,
        at=workspace.clock.now(),
    )


def as_result(sent: DeliveryResult, error: str | None = None) -> ActionResult:
    """Return what a delivery came to; `error` says what was wrong with an acknowledgement that did come."""
    answer: Acknowledgement = sent.answer
    return ActionResult(error=answer.error or error, ack=answer.ack, took_ms=sent.took_ms)
