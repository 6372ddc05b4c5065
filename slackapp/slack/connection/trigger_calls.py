"""Calls that open a view: Slack's trigger_id for them expires three seconds after the person acted.

No listener waits for one, so nothing that needs no Slack waits behind a slow Slack. They are made in an event loop of
their own, on kept connections, at most `AT_ONCE` at a time, and each is over `WAIT_S` after it was asked for, however
long its turn, the address, the connection or the answer takes.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Literal
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from slackapp.runtime import tls

WAIT_S: Final = 2.0
AT_ONCE: Final = 8
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
View = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class TriggerCall:
    """A view to open by a person's trigger."""

    method: Literal["views.open", "views.push"]
    trigger_id: str
    view: View


@dataclass(frozen=True, kw_only=True)
class NotOpened:
    """The view was not opened, or nobody knows: Slack's error code, `timeout` or `not_reached`."""

    code: str


Opened = View | NotOpened


class TriggerCalls:
    """The calls of one process. Its thread starts at the first call.

    Args:
        token: the bot's token.
        base_url: Slack's Web API.
        wait_s: seconds after which a call is over.
    """

    def __init__(self, *, token: str, base_url: str, wait_s: float = WAIT_S) -> None:
        self._token = token
        self._base_url = base_url
        self._wait_s = wait_s
        self._starting = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._session: aiohttp.ClientSession | None = None

    def call(self, wanted: TriggerCall, then: Callable[[Opened], None]) -> None:
        """Open a view, and call `then` with what Slack shows or why it shows nothing. Returns at once.

        `then` runs in the event loop, so it must not wait for anything.
        """
        loop = self._running_loop()
        give_up_at = loop.time() + self._wait_s
        asyncio.run_coroutine_threadsafe(self._call(wanted, give_up_at, then), loop)

    def stop(self) -> None:
        """Close every connection. Calls in progress are given up, so wait for them first. Safe to call twice."""
        with self._starting:
            loop, self._loop = self._loop, None
        if loop is None or self._thread is None:
            return
        if self._session is not None:
            asyncio.run_coroutine_threadsafe(self._session.close(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        self._thread.join()
        loop.close()

    def _running_loop(self) -> asyncio.AbstractEventLoop:
        with self._starting:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(target=self._loop.run_forever, name="trigger-calls", daemon=True)
                self._thread.start()
            return self._loop

    async def _call(self, wanted: TriggerCall, give_up_at: float, then: Callable[[Opened], None]) -> None:
        opened: Opened = NotOpened(code="failed")
        try:
            async with asyncio.timeout_at(give_up_at), self._turns:
                opened = await self._open(wanted)
        except SlackApiError as error:
            opened = NotOpened(code=_code(error))
        except TimeoutError:
            opened = NotOpened(code="timeout")
        except (aiohttp.ClientError, SlackClientError, OSError, ValueError):
            opened = NotOpened(code="not_reached")
        finally:
            then(opened)

    async def _open(self, wanted: TriggerCall) -> View:
        """Open a view; once more if Slack had just closed the kept connection. A trigger opens one view only."""
        arguments = {"trigger_id": wanted.trigger_id, "view": wanted.view}
        try:
            answer = await self._client().api_call(wanted.method, json=arguments)
        except aiohttp.ClientConnectionError:
            answer = await self._client().api_call(wanted.method, json=arguments)
        return dict(answer["view"])

    def _client(self) -> AsyncWebClient:
        if self._session is None:
            self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        client = AsyncWebClient(
            token=self._token, base_url=self._base_url, session=self._session, ssl=tls.context(), retry_handlers=[]
        )
        if urlsplit(self._base_url).hostname in _LOOPBACK:
            client.proxy = None  # slack_sdk takes a proxy from the environment and knows no exceptions
        return client


def _code(error: SlackApiError) -> str:
    data = getattr(error.response, "data", None)
    code = data.get("error") if isinstance(data, dict) else None
    return str(code or f"http_{getattr(error.response, 'status_code', 0)}")
