"""HTTP mode: `POST /slack/events`, where Slack sends commands, clicks, forms and events.

Bolt is synchronous, so requests run in a thread pool of their own and never on the event loop. A request without
Slack's signature is rejected before its content is parsed.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Final

from slack_bolt import App, BoltResponse
from slack_sdk.signature import SignatureVerifier
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from slackapp.slack.connection.bolt_door import pass_to_bolt, refuse_malformed
from slackapp.slack.connection.manifest import PATH
from slackapp.slack.inbound import MalformedPayload, read_body

WORKERS: Final = 32
BODY_LIMIT: Final = 3 * 1024 * 1024
"""Bytes. A view may have 250 kB, and percent-encoding can make twelve bytes of one character."""
UNVERIFIED_LIMIT: Final = WORKERS * BODY_LIMIT
"""Bytes of all bodies together whose signature is not verified yet: anybody can send those."""
_LONGEST_TIMESTAMP: Final = 12
_SIGNATURE: Final = re.compile(r"v0=[0-9a-f]{64}")


def slack_app(bolt: App, signing_secret: str, *, unverified_limit: int = UNVERIFIED_LIMIT) -> Starlette:
    """Return the web application that receives Slack's requests; its thread pool ends with it."""
    pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="slack-events")
    verifier = SignatureVerifier(signing_secret)
    bodies = _Bodies(unverified_limit)

    async def receive(request: Request) -> Response:
        try:
            raw = await bodies.read(request)
        except ClientDisconnect:
            return PlainTextResponse("not whole", 400)  # nobody reads it
        if isinstance(raw, Response):
            return raw
        if not signed_by_slack(verifier, raw, request.headers):
            return PlainTextResponse("not signed by Slack", 401)
        answer = await asyncio.get_running_loop().run_in_executor(
            pool, answer_request, bolt, raw, dict(request.headers)
        )
        return Response(answer.body, answer.status, answer.first_headers_without_set_cookie())

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        yield
        pool.shutdown(wait=True)

    return Starlette(routes=[Route(PATH, receive, methods=["POST"])], lifespan=lifespan)


def signed_by_slack(verifier: SignatureVerifier, raw: bytes, headers: Mapping[str, str]) -> bool:
    """Return whether a request has Slack's signature and is not older than five minutes.

    The SDK raises on a timestamp that is no number or a huge one, on a signature with other letters than ASCII's, and
    on a body that is not UTF-8. Anybody can send those, so they are rejected first.
    """
    timestamp = headers.get("x-slack-request-timestamp", "")
    signature = headers.get("x-slack-signature", "")
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= _LONGEST_TIMESTAMP):
        return False
    if not _SIGNATURE.fullmatch(signature):
        return False
    try:
        return verifier.is_valid(raw.decode(), timestamp, signature)
    except UnicodeDecodeError:
        return False


def answer_request(bolt: App, raw: bytes, headers: Mapping[str, str]) -> BoltResponse:
    """Return the answer to one signed request."""
    try:
        payload = read_body(raw)
    except MalformedPayload as wrong:
        return refuse_malformed(wrong)
    return pass_to_bolt(bolt, payload, headers)


class _Bodies:
    """Reads the bodies of requests, none longer than Slack sends them, and not too many at a time."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._held = 0

    async def read(self, request: Request) -> bytes | Response:
        """Return the request's body, or why it is not read.

        Raises:
            ClientDisconnect: the connection ended before the body did.
        """
        parts = bytearray()
        try:
            async for part in request.stream():
                parts += part
                self._held += len(part)
                if len(parts) > BODY_LIMIT:
                    return PlainTextResponse("too large", 413)
                if self._held > self._limit:
                    return PlainTextResponse("too many requests at a time", 503)
            return bytes(parts)
        finally:
            self._held -= len(parts)
