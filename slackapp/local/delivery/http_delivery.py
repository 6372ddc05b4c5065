"""Deliveries by HTTP: requests signed and encoded like Slack's."""

import hashlib
import hmac
import json
import time
from typing import Any, Final
from urllib.parse import urlencode

import aiohttp

from slackapp.local.delivery.envelopes import Acknowledgement, Envelope
from slackapp.local.limits.patience import Patience
from slackapp.local.protocol.ids import random_id
from slackapp.local.protocol.types import Json

_AGENT: Final = "Slackbot 1.0 (+https://api.slack.com/robots)"
_REDIRECTS: Final = 2


class HttpDelivery:
    """Posts to one address of the app, on one shared session."""

    def __init__(self, url: str, patience: Patience) -> None:
        self._url = url
        self._patience = patience
        self._session: aiohttp.ClientSession | None = None

    async def send(self, envelope: Envelope, *, signing_secret: str) -> Acknowledgement:
        """Post one payload and return the answer; anything but 2xx within Slack's patience is none."""
        content_type, body = _encode(envelope)
        headers = {"Content-Type": content_type, **_signed(body, signing_secret)}
        if envelope.attempt:
            headers |= {"X-Slack-Retry-Num": str(envelope.attempt), "X-Slack-Retry-Reason": envelope.reason}
        try:
            async with self._connect().post(
                self._url, data=body, headers=headers, timeout=self._timeout, max_redirects=_REDIRECTS
            ) as answer:
                return _answer(answer, await answer.text())
        except TimeoutError:
            return Acknowledgement(error="operation_timeout", reason="http_timeout")
        except aiohttp.TooManyRedirects:
            return Acknowledgement(error="dispatch_failed", reason="too_many_redirects")
        except aiohttp.ClientError:
            return Acknowledgement(error="dispatch_failed", reason="connection_failed")

    async def verify_url(self, *, verification_token: str, signing_secret: str) -> bool:
        """Do Slack's url_verification: send a challenge and say whether it came back."""
        challenge = random_id(size=16)
        asked = {"type": "url_verification", "token": verification_token, "challenge": challenge}
        body = json.dumps(asked).encode()
        headers = {"Content-Type": "application/json", **_signed(body, signing_secret)}
        try:
            async with self._connect().post(self._url, data=body, headers=headers, timeout=self._timeout) as answer:
                return answer.ok and challenge in await answer.text()
        except (TimeoutError, aiohttp.ClientError):
            return False

    async def close(self) -> None:
        """Close the session."""
        if self._session is not None:
            await self._session.close()

    def _connect(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession()
        return self._session

    @property
    def _timeout(self) -> aiohttp.ClientTimeout:
        return aiohttp.ClientTimeout(total=self._patience.ack_s)


def _encode(envelope: Envelope) -> tuple[str, bytes]:
    if envelope.kind == "events_api":
        return "application/json", json.dumps(envelope.payload).encode()
    fields: Json = envelope.payload
    if envelope.kind == "interactive":
        fields = {"payload": json.dumps(envelope.payload)}
    return "application/x-www-form-urlencoded", urlencode(fields).encode()


def _signed(body: bytes, secret: str) -> dict[str, str]:
    """Return Slack's signature headers (docs.slack.dev, authentication/verifying-requests-from-slack)."""
    timestamp = str(int(time.time()))
    base = b"v0:" + timestamp.encode() + b":" + body
    digest = hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": f"v0={digest}", "User-Agent": _AGENT}


def _answer(answer: aiohttp.ClientResponse, text: str) -> Acknowledgement:
    if not answer.ok:
        give_up = answer.headers.get("X-Slack-No-Retry") == "1"
        return Acknowledgement(error="dispatch_failed", reason="http_error", status=answer.status, give_up=give_up)
    return Acknowledgement(ack=_ack(text), status=answer.status)


def _ack(text: str) -> Any:
    """Read an answer's body: JSON, or plain words, which a slash command shows as they are."""
    if not text.strip():
        return None
    try:
        return json.loads(text)
    except ValueError:
        return {"text": text}
