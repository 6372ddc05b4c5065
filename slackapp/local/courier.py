"""Carries payloads to the app: over a socket if one is connected, else as a signed HTTP request."""

import time
from dataclasses import dataclass, replace
from typing import Any, Final

from slackapp.local.activity import Activity
from slackapp.local.calls import Calls
from slackapp.local.checks import ack_problems
from slackapp.local.faults import SOCKET, Faults
from slackapp.local.http_delivery import HttpDelivery
from slackapp.local.parcels import Answer, Parcel
from slackapp.local.socket_mode import SocketHub
from slackapp.local.wire import Json

NOBODY: Final = Answer(error="dispatch_failed", reason="connection_failed")
"""No socket is open and there is no address to post to."""


@dataclass(frozen=True, kw_only=True)
class Sent:
    """An answer and how long it took, in milliseconds."""

    answer: Answer
    took_ms: int


class Courier:
    """The way from the workspace to the app."""

    def __init__(self, *, app_url: str | None, calls: Calls, faults: Faults, activity: Activity) -> None:
        self.sockets = SocketHub()
        self.http = HttpDelivery(app_url) if app_url else None
        self._calls = calls
        self._faults = faults
        self._activity = activity

    async def deliver(self, parcel: Parcel, *, signing_secret: str, at: float) -> Sent:
        """Deliver one parcel and return the app's answer; record both. `at` is the workspace's time."""
        fault = self._faults.take(SOCKET)
        begun = time.monotonic()
        with self._activity.one():
            answer = await self._carry(parcel, signing_secret)
            if fault.redeliver:
                await self._carry(replace(parcel, attempt=parcel.attempt + 1, reason="timeout"), signing_secret)
        took_ms = round((time.monotonic() - begun) * 1000)
        self._record(parcel, answer, at, took_ms)
        return Sent(answer=answer, took_ms=took_ms)

    async def close(self) -> None:
        """Close every connection to the app."""
        await self.sockets.close()
        if self.http is not None:
            await self.http.close()

    async def _carry(self, parcel: Parcel, signing_secret: str) -> Answer:
        if self.sockets.connected:
            return await self.sockets.send(parcel)
        if self.http is not None:
            return await self.http.send(parcel, signing_secret=signing_secret)
        return NOBODY

    def _record(self, parcel: Parcel, answer: Answer, at: float, took_ms: int) -> None:
        shown: Any = answer.ack if answer.error is None else {"error": answer.error, "reason": answer.reason}
        args: Json = {**parcel.payload, "retry_attempt": parcel.attempt}
        self._calls.record(
            "delivery",
            parcel.label,
            at=at,
            took_ms=took_ms,
            args=args,
            answer=shown,
            status=answer.status,
            problems=ack_problems(answer.ack),
        )
