"""Webhook calls, signed as the Standard Webhooks specification says (standardwebhooks.com).

The receiver checks three headers: `webhook-id` is the same each time one message is tried, so that it can be counted
once; `webhook-timestamp` is the present second in real time; `webhook-signature` is `v1,` and the HMAC-SHA256 of
`id.timestamp.body`, under a secret that only both sides know. Without a secret nothing is signed.

Only the status of the response counts: its body is not read, and redirects are not followed.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from typing import Final

import aiohttp
import structlog

from slackapp.delivery.model import Result, RetryLater, WebhookAccepted, WebhookCall, WebhookDeclined
from slackapp.runtime import counters
from slackapp.runtime.clock import SystemClock
from slackapp.runtime.settings import WEBHOOK_SECRET_PREFIX, is_loopback
from storage.outbox.model import OutboxMessage

_log = structlog.get_logger(__name__)
TIMEOUT_S: Final = 10.0
_SUCCESS: Final = range(200, 300)
_GONE: Final = 410


class Webhooks:
    """Client for webhooks. Open it inside the event loop that uses it."""

    def __init__(self, *, secret: str | None = None, timeout_s: float = TIMEOUT_S) -> None:
        self._key = key(secret) if secret else None
        self._timeout_s = timeout_s
        self._real = SystemClock()
        self._sessions: Mapping[bool, aiohttp.ClientSession] = {}

    async def open(self) -> None:
        """Make the connection pools: one for this machine, one for the rest of the world, perhaps behind a proxy."""
        timeout = aiohttp.ClientTimeout(total=self._timeout_s)
        self._sessions = {
            near: aiohttp.ClientSession(
                timeout=timeout, trust_env=not near, auto_decompress=False, cookie_jar=aiohttp.DummyCookieJar()
            )
            for near in (True, False)
        }

    async def close(self) -> None:
        """Close every connection."""
        for session in self._sessions.values():
            await session.close()

    async def deliver(self, call: WebhookCall, is_ours: Callable[[], bool] = lambda: True) -> Result:
        """Make a call and return its result; `is_ours` tells whether the lease leaves time for it."""
        if not is_ours():
            return Result(row=call.row, outcome=RetryLater(code="lease_over", wait_s=0.0))
        outcome = await self._call(call)
        if isinstance(outcome, WebhookDeclined):
            counters.WEBHOOKS.labels(outcome.code).inc()
            _log_declined(call, outcome)
        else:
            counters.WEBHOOKS.labels("delivered").inc()
        return Result(row=call.row, outcome=outcome)

    async def _call(self, call: WebhookCall) -> WebhookAccepted | WebhookDeclined:
        if not may_be_called(call.url):
            return WebhookDeclined(code="not_https", final=True)
        body = json.dumps(call.event, ensure_ascii=False).encode()
        headers = {"content-type": "application/json", **self._signed(message_id(call.row.wanted), body)}
        session = self._sessions[is_loopback(call.url)]
        try:
            async with session.post(call.url, data=body, headers=headers, allow_redirects=False) as answer:
                return _meaning(answer.status)
        except TimeoutError:
            return WebhookDeclined(code="timeout")
        except (aiohttp.ClientError, ValueError):  # the error's words may quote the address: they are not kept
            return WebhookDeclined(code="not_reached")

    def _signed(self, identity: str, body: bytes) -> dict[str, str]:
        headers = {"webhook-id": identity, "webhook-timestamp": str(int(self._real.now().timestamp()))}
        if self._key is not None:
            headers["webhook-signature"] = signature(self._key, identity, headers["webhook-timestamp"], body)
        return headers


def _log_declined(call: WebhookCall, outcome: WebhookDeclined) -> None:
    """Log a failed try by the webhook's key: its address may hold a secret."""
    _log.warning(
        "webhook not delivered",
        webhook=call.row.wanted.payload.get("webhook"),
        webhook_id=message_id(call.row.wanted),
        code=outcome.code,
        tries=call.row.attempts,
        final=outcome.final,
    )


def key(secret: str) -> bytes:
    """Decode a secret of `whsec_` and base64; the settings have checked its form."""
    return base64.b64decode(secret.removeprefix(WEBHOOK_SECRET_PREFIX), validate=True)


def signature(secret: bytes, identity: str, timestamp: str, body: bytes) -> str:
    """Value of the header `webhook-signature` of a call."""
    digest = hmac.digest(secret, b".".join((identity.encode(), timestamp.encode(), body)), hashlib.sha256)
    return f"v1,{base64.b64encode(digest).decode()}"


def message_id(wanted: OutboxMessage) -> str:
    """Value of the header `webhook-id`: unique to a message and the same at every try."""
    return f"msg_{hashlib.sha256(f'{wanted.workspace}:{wanted.key}'.encode()).hexdigest()[:32]}"


def may_be_called(url: str) -> bool:
    """Whether a URL is https, or on this machine."""
    return url.startswith("https://") or (url.startswith("http://") and is_loopback(url))


def _meaning(status: int) -> WebhookAccepted | WebhookDeclined:
    return WebhookAccepted() if status in _SUCCESS else WebhookDeclined(code=f"http_{status}", final=status == _GONE)
