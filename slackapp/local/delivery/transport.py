"""Delivery of payloads to the app: over a socket if one is connected, else as a signed HTTP request."""

import time
from dataclasses import dataclass, replace
from typing import Any, Final

from slackapp.local.blockkit.payload_checks import ack_problems
from slackapp.local.clock.in_flight import InFlight
from slackapp.local.delivery.envelopes import Acknowledgement, Envelope
from slackapp.local.delivery.http_delivery import HttpDelivery
from slackapp.local.delivery.socket_mode import SocketHub
from slackapp.local.faults.injection import SOCKET, FaultQueue
from slackapp.local.inspector.call_log import CallLog
from slackapp.local.limits.patience import Patience
from slackapp.local.protocol.types import Json

NOBODY: Final = Acknowledgement(error="dispatch_failed", reason="connection_failed")
"""No socket is open and there is no address to post to."""


@dataclass(frozen=True, kw_only=True)
class DeliveryResult:
    """An answer and how long it took, in milliseconds."""

    answer: Acknowledgement
    took_ms: int


class Transport:
    """The way from the workspace to the app."""

    def __init__(
        self, *, app_url: str | None, patience: Patience, call_log: CallLog, faults: FaultQueue, in_flight: InFlight
    ) -> None:
        self.sockets = SocketHub(patience)
        self.http = HttpDelivery(app_url, patience) if app_url else None
        self._call_log = call_log
        self._faults = faults
        self._in_flight = in_flight

    async def deliver(self, envelope: Envelope, *, signing_secret: str, at: float) -> DeliveryResult:
        """Deliver one envelope, log it with the app's answer, and return that answer. `at` is the workspace's time."""
        fault = self._faults.take(SOCKET)
        begun = time.monotonic()
        with self._in_flight.track():
            answer = await self._carry(envelope, signing_secret)
            if fault.redeliver:
                await self._carry(replace(envelope, attempt=envelope.attempt + 1, reason="timeout"), signing_secret)
        took_ms = round((time.monotonic() - begun) * 1000)
        self._record(envelope, answer, at, took_ms)
        return DeliveryResult(answer=answer, took_ms=took_ms)

    async def close(self) -> None:
        """Close every connection to the app."""
        await self.sockets.close()
        if self.http is not None:
            await self.http.close()

    async def _carry(self, envelope: Envelope, signing_secret: str) -> Acknowledgement:
        if self.sockets.connected:
            return await self.sockets.send(envelope)
        if self.http is not None:
            return await self.http.send(envelope, signing_secret=signing_secret)
        return NOBODY

    def _record(self, envelope: Envelope, answer: Acknowledgement, at: float, took_ms: int) -> None:
        shown: Any = answer.ack if answer.error is None else {"error": answer.error, "reason": answer.reason}
        args: Json = {**envelope.payload, "retry_attempt": envelope.attempt}
        self._call_log.record(
            "delivery",
            envelope.label,
            at=at,
            took_ms=took_ms,
            args=args,
            answer=shown,
            status=answer.status,
            problems=ack_problems(answer.ack),
        )
