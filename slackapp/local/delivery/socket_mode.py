"""Socket Mode: envelopes over the app's WebSockets, each payload to one of them.

docs.slack.dev, apis/events-api/using-socket-mode.
"""

import asyncio
import time
import uuid
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from slackapp.local.delivery.envelopes import Acknowledgement, Envelope
from slackapp.local.limits.patience import ACK_WITHIN_S, Patience
from slackapp.local.protocol.ids import random_id
from slackapp.local.protocol.types import Json

MOST_CONNECTIONS: Final = 10
_TICKETS_KEPT: Final = 100


@dataclass(frozen=True, kw_only=True)
class PendingAcknowledgement:
    """An acknowledgement still to come: the connection its payload was sent on, and when (monotonic seconds)."""

    socket: WebSocket
    sent_at: float
    future: "asyncio.Future[Any]"


class SocketHub:
    """The open connections of the app, served in turn."""

    def __init__(self, patience: Patience) -> None:
        self._patience = patience
        self._tickets: list[str] = []
        self._open: list[WebSocket] = []
        self._turn = 0
        self._waiting: dict[str, PendingAcknowledgement] = {}

    @property
    def connected(self) -> bool:
        """Say whether any connection is open."""
        return bool(self._open)

    @property
    def count(self) -> int:
        """Return the number of open connections."""
        return len(self._open)

    def ticket(self) -> str:
        """Return a ticket that opens one connection."""
        self._tickets = [*self._tickets[-_TICKETS_KEPT:], random_id(size=16)]
        return self._tickets[-1]

    async def serve(self, socket: WebSocket, app_id: str) -> None:
        """Run one connection from hello to its end. A ticket opens one connection, and ten is the limit."""
        ticket = socket.query_params.get("ticket", "")
        if ticket not in self._tickets or self.count >= MOST_CONNECTIONS:
            await socket.close(code=1008)
            return
        self._tickets.remove(ticket)
        await socket.accept()
        await socket.send_json(_hello(app_id, self.count + 1))
        self._open.append(socket)
        try:
            while True:
                self._acknowledge(await socket.receive_json())
        except (WebSocketDisconnect, ValueError):
            return  # the app hung up, or sent something that is no JSON: Slack closes as well
        finally:
            self._drop(socket)

    async def send(self, envelope: Envelope) -> Acknowledgement:
        """Send one payload to the connection whose turn it is and wait for its acknowledgement."""
        envelope_id = str(uuid.uuid4())
        acknowledged: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._turn += 1
        socket = self._open[self._turn % len(self._open)]
        pending = PendingAcknowledgement(socket=socket, sent_at=time.monotonic(), future=acknowledged)
        self._waiting[envelope_id] = pending
        try:
            await socket.send_json(_as_json(envelope_id, envelope))
            ack = await asyncio.wait_for(acknowledged, self._patience.ack_s)
        except TimeoutError:
            return Acknowledgement(error="operation_timeout", reason="timeout")
        except (WebSocketDisconnect, RuntimeError):
            self._drop(socket)
            return Acknowledgement(error="dispatch_failed", reason="connection_failed")
        finally:
            self._waiting.pop(envelope_id, None)
            acknowledged.cancel()  # so that nothing is set on it when its connection ends later
        return Acknowledgement(ack=ack, status=200)

    async def disconnect(self, reason: str) -> None:
        """Ask every connection to reconnect (warning, refresh_requested, link_disabled); all but a warning close."""
        for socket in list(self._open):
            with suppress(WebSocketDisconnect, RuntimeError):
                await socket.send_json({"type": "disconnect", "reason": reason, "debug_info": {"host": "local"}})
            if reason != "warning":
                self._drop(socket)
                await _close(socket)

    async def close(self) -> None:
        """Hang up."""
        for socket in list(self._open):
            self._drop(socket)
            await _close(socket)

    def _acknowledge(self, message: Json) -> None:
        pending = self._waiting.get(message.get("envelope_id", ""))
        if pending is not None and not pending.future.done():
            pending.future.set_result(message.get("payload"))

    def _drop(self, socket: WebSocket) -> None:
        """Forget a connection that is over. What it did not acknowledge fails after Slack's own three seconds.

        Nothing can acknowledge it any more, so there is no reason to stretch that wait.
        """
        if socket not in self._open:
            return
        self._open.remove(socket)
        for pending in self._waiting.values():
            if pending.socket is socket:
                rest_s = max(0.0, pending.sent_at + ACK_WITHIN_S - time.monotonic())
                asyncio.get_running_loop().call_later(rest_s, _give_up, pending.future)


def _give_up(acknowledged: "asyncio.Future[Any]") -> None:
    if not acknowledged.done():
        acknowledged.set_exception(TimeoutError())


async def _close(socket: WebSocket) -> None:
    if socket.application_state is WebSocketState.CONNECTED:
        with suppress(WebSocketDisconnect, RuntimeError):
            await socket.close()


def _hello(app_id: str, connections: int) -> Json:
    return {
        "type": "hello",
        "num_connections": connections,
        "debug_info": {"host": "local", "build_number": 1, "approximate_connection_time": 3600},
        "connection_info": {"app_id": app_id},
    }


def _as_json(envelope_id: str, envelope: Envelope) -> Json:
    sent: Json = {
        "envelope_id": envelope_id,
        "type": envelope.kind,
        "payload": envelope.payload,
        "accepts_response_payload": envelope.kind != "events_api",
    }
    if envelope.kind == "events_api":
        sent |= {"retry_attempt": envelope.attempt, "retry_reason": envelope.reason}
    return sent
