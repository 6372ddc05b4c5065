"""Private answers to one person, through the `response_url` of what they did. At most once, and never in a listener.

Slack takes five answers within 30 minutes per response_url (docs.slack.dev/interactivity/handling-user-interaction).
A lost answer loses nothing that is not on the card as well, so it is tried twice and then counted.
"""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final
from urllib.error import URLError
from urllib.parse import urlsplit

import structlog
from slack_sdk.webhook import WebhookClient

from slackapp.delivery import metrics

TRIES: Final = 2
USELESS_AFTER_S: Final = 30 * 60.0
"""A response_url dies 30 minutes after the click."""
_THREADS: Final = 4
_TIMEOUT_S: Final = 5
_PAUSE_S: Final = 1.0
_OK: Final = 200
_REFUSED: Final = range(400, 429)
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_log = structlog.get_logger(__name__)


class Answers:
    """A small pool of threads that answers people. One per process."""

    def __init__(self, *, threads: int = _THREADS) -> None:
        self._pool = ThreadPoolExecutor(max_workers=threads, thread_name_prefix="answers")
        self._ssl = ssl.create_default_context()
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._pending = 0

    def ephemeral(self, response_url: str, text: str, blocks: Sequence[dict[str, Any]] | None = None) -> None:
        """Say something to the person whose act this response_url belongs to. Returns at once."""
        asked_at = time.monotonic()
        with self._lock:
            self._pending += 1
        try:
            self._pool.submit(self._answer, response_url, text, blocks, asked_at)
        except RuntimeError:  # the pool is shut: Baton is stopping
            self._done("stopping")

    def quiet(self) -> bool:
        """Whether every answer has been given or given up."""
        with self._lock:
            return self._pending == 0

    def stop(self) -> None:
        """Give the answers that are under way, and no new ones."""
        self._stopping.set()
        self._pool.shutdown(wait=True, cancel_futures=False)

    def _answer(self, url: str, text: str, blocks: Sequence[dict[str, Any]] | None, asked_at: float) -> None:
        lost: str | None = "failed"
        try:
            for tried in range(TRIES):
                if time.monotonic() - asked_at > USELESS_AFTER_S:
                    lost = "too_late"
                    break
                if tried:
                    self._stopping.wait(_PAUSE_S)
                lost = self._send(url, text, blocks)
                if lost in {None, "refused"}:
                    break
        finally:
            self._done(lost)

    def _send(self, url: str, text: str, blocks: Sequence[dict[str, Any]] | None) -> str | None:
        """Send once; return why the person did not get it, or None."""
        client = WebhookClient(url, timeout=_TIMEOUT_S, ssl=self._ssl, retry_handlers=[])
        if urlsplit(url).hostname in _LOOPBACK:
            client.proxy = None  # slack_sdk takes a proxy from the environment and knows no exceptions
        try:
            answer = client.send(text=text, blocks=blocks or None, response_type="ephemeral", replace_original=False)
        except (URLError, OSError):
            return "not_reached"
        if answer.status_code == _OK:
            return None
        return "refused" if answer.status_code in _REFUSED else "failed"

    def _done(self, lost: str | None) -> None:
        with self._lock:
            self._pending -= 1
        if lost is not None:
            metrics.ANSWERS_LOST.labels(lost).inc()
            _log.warning("answer lost", reason=lost)
