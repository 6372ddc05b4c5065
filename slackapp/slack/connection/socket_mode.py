"""Socket Mode: receives Slack's requests by a WebSocket that we open, so no public address is needed."""

from __future__ import annotations

import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Final

from slack_bolt import App, BoltResponse
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.adapter.socket_mode.internals import build_headers, send_response
from slack_sdk.errors import SlackClientError
from slack_sdk.socket_mode.builtin import SocketModeClient
from slack_sdk.socket_mode.builtin.connection import Connection
from slack_sdk.socket_mode.request import SocketModeRequest

from slackapp.runtime.clock import SystemClock
from slackapp.slack.connection.bolt_door import pass_to_bolt

_log = logging.getLogger(__name__)

WORKERS: Final = 32
PING_S: Final = 5.0
_STALE_PINGS: Final = 2.4
"""Pings without an answer after which we take the connection for dead: 12 seconds. The SDK waits for four."""
_WATCH_S: Final = 1.0
_GIVEN_UP_S: Final = 30.0
"""Seconds that the SDK gets to reconnect by itself before we connect anew."""
_LONGEST_RETRY_S: Final = 30.0
_DRAIN_S: Final = 10.0
_REFUSED: Final = range(400, 500)


class SocketMode:
    """Slack's WebSocket connection: opened in the background, watched, and closed without losing a response.

    Args:
        bolt: answers the requests; its client's base_url is where the connection is asked for.
        app_token: the app-level token, `xapp-…`.
        ping_s: seconds between two pings.
    """

    def __init__(self, bolt: App, app_token: str, *, ping_s: float = PING_S) -> None:
        self._handler = _DrainingHandler(bolt, app_token, ping_s)
        self._stale_s = _STALE_PINGS * ping_s
        self._session: Connection | None = None
        self._session_since = 0.0
        self._clock = SystemClock()
        self._stopped = threading.Event()
        self._connected_once = threading.Event()
        self._problem: str | None = None
        self._thread = threading.Thread(target=self._keep_connected, name="socket-mode", daemon=True)

    def start(self) -> None:
        """Connect in the background, and keep trying while Slack cannot be reached."""
        self._thread.start()

    def wait_connected(self, wait_s: float) -> bool:
        """Wait up to `wait_s` seconds for the first connection; return whether there is one."""
        return self._connected_once.wait(wait_s)

    def why_not_ready(self) -> str | None:
        """Return a sentence on why no requests arrive from Slack now, or None if they do."""
        if self._stopped.is_set():
            return "The connection to Slack was closed."
        if not self._client.is_connected():
            return f"Not connected to Slack: {self._problem or 'connecting'}."
        if self._stale():
            return f"Slack has not answered a ping for {self._stale_s:.0f} seconds."
        return None

    def is_alive(self) -> bool:
        """Return whether Slack's requests arrive now: the connection is open and answered a ping of late."""
        return self.why_not_ready() is None

    def stop(self) -> None:
        """Accept no new requests, let those in flight finish, then close. Safe to call twice."""
        if self._stopped.is_set():
            return
        self._stopped.set()
        self._handler.drain(_DRAIN_S)
        if self._thread.is_alive():
            self._thread.join()
        self._hang_up()
        _close_sdk(self._client.close)
        _close_sdk(self._client.disconnect)  # A reconnection that was under way has opened a new session meanwhile.

    def _hang_up(self) -> None:
        """Wake the SDK's threads, which wait up to three seconds in a read and up to one at a queue."""
        self._client.auto_reconnect_enabled = False
        session = self._client.current_session
        if session is not None and (sock := session.sock) is not None:
            with suppress(OSError):  # Slack hung up first.
                sock.shutdown(socket.SHUT_RDWR)
        self._client.closed = True
        self._client.message_queue.put(None)

    @property
    def _client(self) -> SocketModeClient:
        return self._handler.client

    def _stale(self) -> bool:
        """Return whether Slack left our pings unanswered for too long, whatever the SDK reports.

        A connection that has not answered any ping yet counts from when it was first seen here.
        """
        session, now = self._client.current_session, self._clock.now().timestamp()
        if session is None:
            return False
        if session is not self._session:
            self._session, self._session_since = session, now
        return now - (session.last_ping_pong_time or self._session_since) > self._stale_s

    def _keep_connected(self) -> None:
        """Connect, waiting longer after each failure; then watch, and reconnect if the SDK does not."""
        retry_s, down_s = _WATCH_S, _GIVEN_UP_S
        while not self._stopped.is_set():
            if self._client.is_connected() and not self._stale():
                self._connected_once.set()
                self._problem, retry_s, down_s = None, _WATCH_S, 0.0
            elif down_s < _GIVEN_UP_S:
                down_s += _WATCH_S
            elif not self._connect():
                self._stopped.wait(retry_s)
                retry_s = min(2 * retry_s, _LONGEST_RETRY_S)
                continue
            self._stopped.wait(_WATCH_S if self._connected_once.is_set() else 0.05)

    def _connect(self) -> bool:
        try:
            self._client.connect_to_new_endpoint(force=self._stale())
        except (SlackClientError, OSError, ValueError) as problem:
            self._problem = _in_words(problem)
            _log.warning("Cannot connect to Slack: %s", self._problem)
            return False
        if not self._client.is_connected():
            self._problem = "Slack refused the WebSocket"
            return False
        return True


class _DrainingHandler(SocketModeHandler):
    """Bolt's Socket Mode handler with a graceful stop.

    Closing the SDK's client closes the socket first, so that listeners in progress commit but cannot answer. While
    draining, new envelopes are left unanswered: Slack sends events again, to another connection or later.
    """

    def __init__(self, bolt: App, app_token: str, ping_s: float) -> None:
        self._in_flight = 0
        self._draining = False
        self._changed = threading.Condition()
        super().__init__(bolt, app_token, concurrency=WORKERS, ping_interval=ping_s)

    def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:  # type: ignore[override]  # as in Bolt
        """Answer one envelope; leave it unanswered while draining.

        What is malformed is acknowledged: Slack would only send it again.
        """
        with self._counted() as accepted:
            if accepted:
                begun = time.time()
                answer = pass_to_bolt(self.app, req.payload, build_headers(req))
                if answer.status in _REFUSED:
                    answer = BoltResponse(status=200)
                send_response(client, req, answer, begun)

    def drain(self, wait_s: float) -> None:
        """Accept no new envelopes and wait up to `wait_s` seconds until all accepted ones are answered."""
        with self._changed:
            self._draining = True
            if not self._changed.wait_for(lambda: self._in_flight == 0, wait_s):
                _log.warning("Stopping with %d requests of Slack unanswered", self._in_flight)

    @contextmanager
    def _counted(self) -> Iterator[bool]:
        with self._changed:
            accepted = not self._draining
            self._in_flight += accepted
        try:
            yield accepted
        finally:
            with self._changed:
                self._in_flight -= accepted
                self._changed.notify_all()


def _close_sdk(close: Callable[[], object]) -> None:
    """Call a closing function of the SDK, and once more if its own thread closed the socket at the same time."""
    try:
        close()
    except AttributeError:
        close()


def _in_words(problem: Exception) -> str:
    response = getattr(problem, "response", None)
    code = response.get("error") if response is not None else None
    return f"Slack says {code}" if code else str(problem)
