"""Limits on the connections of our web servers: deadlines for a request's head and body, and how many may be open.

uvicorn limits the size of a head and the time between two requests. Nothing in it ends a connection whose request never
comes, and its `limit_concurrency` answers 503 to everybody while such connections are open. So this protocol ends them,
and past the limit the connection that has waited longest makes room for the new one.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from enum import Enum, auto
from typing import Any, Final

import h11
import structlog
from uvicorn.protocols.http.h11_impl import H11Protocol

REQUEST_S: Final = 10.0
"""Seconds within which a head has to arrive, then a body, and within which an answer has to be read."""
MOST: Final = 1000
LOG_EVERY_S: Final = 60.0
_log = structlog.get_logger(__name__)


def most_connections(share: float) -> int:
    """Return how many connections may be open: a share of the files this process may open, at most `MOST`.

    The other descriptors are for the database, Slack and the log.
    """
    try:
        import resource  # noqa: PLC0415 - not everywhere
    except ImportError:
        return int(MOST * share)
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return MOST if files < 0 else max(1, min(MOST, int(files * share)))


class _Phase(Enum):
    """What a connection waits for."""

    HEAD = auto()
    BODY = auto()
    ANSWER = auto()
    """Our own answer: it has no deadline here."""
    READER = auto()
    """The other side has to read what we sent, before or after we closed."""
    NEXT_REQUEST = auto()
    """uvicorn ends it after `timeout_keep_alive`."""


_TIMED: Final = frozenset({_Phase.HEAD, _Phase.BODY, _Phase.READER})


class ConnectionGuard:
    """The open connections of one server. Used in its event loop only.

    Args:
        most: how many may be open.
        request_s: seconds for each of head, body and reading the answer.
    """

    def __init__(self, *, most: int, request_s: float = REQUEST_S) -> None:
        self.request_s = request_s
        self._most = most
        self._open: set[GuardedConnection] = set()
        self._waiting: dict[GuardedConnection, None] = {}
        """Those that wait for the other side, the longest wait first."""
        self._closed: Counter[str] = Counter()
        self._next_line: asyncio.TimerHandle | None = None

    def admit(self, connection: GuardedConnection) -> None:
        """Count a new connection. Past the limit, end the one that has waited longest, or this one if all work."""
        self._open.add(connection)
        if len(self._open) > self._most:
            self.end(next(iter(self._waiting), connection), "too_many")

    def waits(self, connection: GuardedConnection, *, waits: bool) -> None:
        """Note whether a connection waits for the other side, from now on."""
        self._waiting.pop(connection, None)
        if waits and connection in self._open:
            self._waiting[connection] = None

    def forget(self, connection: GuardedConnection) -> None:
        """Forget a connection that has ended."""
        self._open.discard(connection)
        self._waiting.pop(connection, None)

    def end(self, connection: GuardedConnection, why: str) -> None:
        """End a connection at once, and log how many ended so: one line a minute."""
        self.forget(connection)
        connection.transport.abort()
        self._closed[why] += 1
        if self._next_line is None:
            self._log_closed()

    def _log_closed(self) -> None:
        if not self._closed:
            self._next_line = None
            return
        _log.warning("connections closed", **self._closed)
        self._closed.clear()
        self._next_line = asyncio.get_running_loop().call_later(LOG_EVERY_S, self._log_closed)


class GuardedConnection(H11Protocol):
    """uvicorn's HTTP protocol with a deadline for every wait for the other side."""

    def __init__(self, guard: ConnectionGuard, **given: Any) -> None:
        super().__init__(**given)
        self._guard = guard
        self._phase: _Phase | None = None
        self._deadline: asyncio.TimerHandle | None = None
        self._unread = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in uvicorn
        """Start the deadline of the first head."""
        super().connection_made(transport)
        self._guard.admit(self)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the deadline."""
        self._guard.forget(self)
        self._stop_deadline()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse what arrived."""
        super().data_received(data)
        self._watch()

    def on_response_complete(self) -> None:
        """Wait for the next request, or for the other side to read the last answer."""
        super().on_response_complete()
        self._watch()

    def timeout_keep_alive_handler(self) -> None:
        """Close a connection on which no further request came."""
        super().timeout_keep_alive_handler()
        self._watch()

    def shutdown(self) -> None:
        """Close when the answer in progress has been sent, or now."""
        super().shutdown()
        self._watch()

    def pause_writing(self) -> None:
        """Start the deadline of a reader that does not keep up."""
        super().pause_writing()
        self._unread = True
        self._watch()

    def resume_writing(self) -> None:
        """Stop it again."""
        super().resume_writing()
        self._unread = False
        self._watch()

    def _now(self) -> _Phase:
        if self._unread or self.transport.is_closing():
            return _Phase.READER
        if self.conn.their_state is h11.SEND_BODY:
            return _Phase.BODY
        if self.conn.their_state is not h11.IDLE:
            return _Phase.ANSWER
        return _Phase.HEAD if self.timeout_keep_alive_task is None else _Phase.NEXT_REQUEST

    def _watch(self) -> None:
        """Start a deadline whenever the connection begins to wait for something else."""
        phase = self._now()
        if phase is self._phase:
            return
        self._phase = phase
        self._stop_deadline()
        self._guard.waits(self, waits=phase is not _Phase.ANSWER)
        if phase in _TIMED:
            self._deadline = self.loop.call_later(self._guard.request_s, self._guard.end, self, "too_slow")

    def _stop_deadline(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
