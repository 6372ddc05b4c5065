"""HTTP mode: `POST /slack/events`, where Slack sends commands, clicks, forms and events.

Bolt is synchronous, so requests run in a thread pool of their own and never on the event loop. A request without
Slack's signature is rejected before its content is parsed.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Final
from urllib.parse import parse_qsl

from slack_bolt import App, BoltContext, BoltRequest, BoltResponse
from slack_bolt.request.internals import build_context
from slack_sdk.signature import SignatureVerifier
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from slackapp.slack.connection.manifest import PATH

WORKERS: Final = 32
BODY_LIMIT: Final = 3 * 1024 * 1024
"""Bytes. A view may have 250 kB, and percent-encoding can make twelve bytes of one character."""
UNVERIFIED_LIMIT: Final = WORKERS * BODY_LIMIT
"""Bytes of all bodies together whose signature is not verified yet: anybody can send those."""
_LONGEST_TIMESTAMP: Final = 12


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
            pool, dispatch_to_bolt, bolt, raw, dict(request.headers)
        )
        return Response(answer.body, answer.status, answer.first_headers_without_set_cookie())

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        yield
        pool.shutdown(wait=True)

    return Starlette(routes=[Route(PATH, receive, methods=["POST"])], lifespan=lifespan)


def signed_by_slack(verifier: SignatureVerifier, raw: bytes, headers: Mapping[str, str]) -> bool:
    """Return whether a request has Slack's signature and is not older than five minutes.

    The SDK raises on a timestamp that is no number or a huge one; anybody can send those, so they are rejected first.
    """
    timestamp = headers.get("x-slack-request-timestamp", "")
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= _LONGEST_TIMESTAMP):
        return False
    return verifier.is_valid(raw, timestamp, headers.get("x-slack-signature", ""))


def dispatch_to_bolt(bolt: App, raw: bytes, headers: Mapping[str, str]) -> BoltResponse:
    """Pass one request to Bolt and return its response."""
    request = BoltRequest(body=raw.decode("utf-8"), headers=dict(headers))
    _reparse_command(request)
    return bolt.dispatch(request)


def _reparse_command(request: BoltRequest) -> None:
    """Parse a slash command again that Bolt took for an interaction.

    Bolt 1.30 looks for the word `payload` anywhere in the raw form; a command whose text, channel or user name has it
    is parsed as empty and answered 404.
    """
    if request.body or not request.raw_body or request.raw_body.startswith("{"):
        return
    form = dict(parse_qsl(request.raw_body, keep_blank_values=True))
    if "command" in form:
        request.body = form
        request.context = build_context(BoltContext(request.context), form)


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
