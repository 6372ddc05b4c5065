"""Private replies to one person by the `response_url` of their action, sent at most once by a thread pool.

Slack accepts five replies within 30 minutes per response_url (docs.slack.dev/interactivity/handling-user-interaction).
A reply repeats what the card shows as well, so it is tried twice and then only counted as lost.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from typing import Any, Final
from urllib.parse import urlsplit

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook import WebhookClient

from slackapp.runtime import counters, tls
from slackapp.slack.payloads import AddressedMessage

TRIES: Final = 2
USELESS_AFTER_S: Final = 30 * 60.0
"""Seconds after the click for which Slack accepts a response_url."""
_THREADS: Final = 4
_TIMEOUT_S: Final = 5
_PAUSE_S: Final = 1.0
_OK: Final = 200
_REFUSED: Final = range(400, 429)
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_log = structlog.get_logger(__name__)


class PrivateReplyPool:
    """A small thread pool that sends private replies. One per process."""

    def __init__(self, *, threads: int = _THREADS) -> None:
        self._pool = ThreadPoolExecutor(max_workers=threads, thread_name_prefix="answers")
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._pending = 0

    def ephemeral(self, response_url: str, text: str, blocks: Sequence[dict[str, Any]] | None = None) -> None:
        """Send an ephemeral message to the person whose action has this response_url. Returns at once."""
        said = {"text": text, "blocks": blocks or None, "response_type": "ephemeral", "replace_original": False}
        self._give(lambda: self._post(response_url, said))

    def message_in(
        self,
        client: WebClient,
        said: AddressedMessage,
        text: str,
        blocks: Sequence[dict[str, Any]] | None = None,
    ) -> None:
        """Send an ephemeral message to the person who wrote to Baton, where they wrote. Returns at once."""
        self._give(lambda: _post_ephemeral(client, said, text, blocks))

    def withdraw(self, response_url: str) -> None:
        """Delete the message whose button has this response_url. Returns at once."""
        self._give(lambda: self._post(response_url, {"delete_original": True}))

    def update_view(self, client: WebClient, view_id: str, view_hash: str | None, view: dict[str, Any]) -> None:
        """Update an open modal unless the person has changed it since. Returns at once."""
        self._give(lambda: _update(client, view_id, view_hash, view))

    def quiet(self) -> bool:
        """Return whether every reply has been sent or given up."""
        with self._lock:
            return self._pending == 0

    def stop(self) -> None:
        """Finish the replies in progress, and accept no new ones."""
        self._stopping.set()
        self._pool.shutdown(wait=True, cancel_futures=False)

    def _give(self, give: Callable[[], str | None]) -> None:
        """Run `give` in the pool; it returns why it failed, or None."""
        asked_at = time.monotonic()
        with self._lock:
            self._pending += 1
        try:
            self._pool.submit(self._answer, give, asked_at)
        except RuntimeError:  # the pool is shut: Baton is stopping
            self._done("stopping")

    def _answer(self, give: Callable[[], str | None], asked_at: float) -> None:
        lost: str | None = "failed"
        try:
            for tried in range(TRIES):
                if time.monotonic() - asked_at > USELESS_AFTER_S:
                    lost = "too_late"
                    break
                if tried:
                    self._stopping.wait(_PAUSE_S)
                lost = give()
                if lost in {None, "refused"}:
                    break
        finally:
            self._done(lost)

    def _post(self, url: str, said: Mapping[str, Any]) -> str | None:
        client = WebhookClient(url, timeout=_TIMEOUT_S, ssl=tls.context(), retry_handlers=[])
        if urlsplit(url).hostname in _LOOPBACK:
            client.proxy = None  # slack_sdk takes a proxy from the environment and knows no exceptions
        try:
            answer = client.send_dict({key: value for key, value in said.items() if value is not None})
        except (OSError, HTTPException):
            return "not_reached"
        return None if answer.status_code == _OK else _reason(answer.status_code)

    def _done(self, lost: str | None) -> None:
        with self._lock:
            self._pending -= 1
        if lost is not None:
            counters.ANSWERS_LOST.labels(lost).inc()
            _log.warning("answer lost", reason=lost)


def _update(client: WebClient, view_id: str, view_hash: str | None, view: dict[str, Any]) -> str | None:
    return _call(lambda: client.views_update(view_id=view_id, hash=view_hash, view=view))


def _post_ephemeral(
    client: WebClient, said: AddressedMessage, text: str, blocks: Sequence[dict[str, Any]] | None
) -> str | None:
    return _call(
        lambda: client.chat_postEphemeral(
            channel=said.channel, user=said.who.user, thread_ts=said.thread_ts, text=text, blocks=blocks or None
        )
    )


def _call(call: Callable[[], object]) -> str | None:
    """Call Slack; return why it failed, or None."""
    try:
        call()
    except SlackApiError as error:
        status = int(getattr(error.response, "status_code", _OK))
        return "refused" if status == _OK else _reason(status)
    except (OSError, HTTPException):
        return "not_reached"
    return None


def _reason(status: int) -> str:
    return "refused" if status in _REFUSED else "failed"
