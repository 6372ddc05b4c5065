"""Client-side time limits for PostgreSQL: for connecting, and for transactions on a server that no longer responds.

The server's own time limits are kept by the server; one that hangs keeps none, and libpq waits for it for ever. So
each wait is limited on our side as well: a connection that is not made in time is given up, and one whose transaction
takes longer than its caller may wait is shut down, which the waiting thread meets as a lost connection.
"""

from __future__ import annotations

import heapq
import itertools
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from typing import Any, Final

import psycopg

GRACE_S: Final = 0.3
"""Seconds after the server's own limit at which we act: its limits end a wait without losing the connection."""


class ConnectionWatchdog:
    """Shuts down connections whose time limit has passed. One thread watches all; it starts at first use."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._ends: list[tuple[float, int]] = []
        self._watched: dict[int, int] = {}
        """The file descriptors of running transactions, by ticket."""
        self._tickets = itertools.count()
        self._thread: threading.Thread | None = None

    @contextmanager
    def shut_down_after(self, fd: int, seconds: float) -> Iterator[None]:
        """Shut down the connection behind `fd` if the block has not ended after so many seconds."""
        ticket = next(self._tickets)
        with self._changed:
            self._watched[ticket] = fd
            heapq.heappush(self._ends, (time.monotonic() + seconds, ticket))
            if self._ends[0][1] == ticket:
                self._changed.notify()
            if self._thread is None:
                self._thread = threading.Thread(target=self._watch, name="database-deadlines", daemon=True)
                self._thread.start()
        try:
            yield
        finally:
            with self._changed:  # so that a descriptor is never cut after it was given to somebody else
                self._watched.pop(ticket, None)

    def _watch(self) -> None:
        with self._changed:
            while True:
                now = time.monotonic()
                while self._ends and (self._ends[0][0] <= now or self._ends[0][1] not in self._watched):
                    fd = self._watched.pop(heapq.heappop(self._ends)[1], None)
                    if fd is not None:
                        _cut(fd)
                self._changed.wait(self._ends[0][0] - now if self._ends else None)


def connect_within(connect: Callable[[], Any], wait_s: float) -> Any:
    """Connect and return the connection. libpq's own limit cannot be shorter than two seconds.

    Raises:
        psycopg.errors.ConnectionTimeout: no connection within `wait_s` seconds.
    """
    connecting: Future[Any] = Future()

    def work() -> None:
        try:
            connecting.set_result(connect())
        except BaseException as error:  # noqa: BLE001 - it is raised again where it is waited for
            connecting.set_exception(error)

    threading.Thread(target=work, name="database-connect", daemon=True).start()
    try:
        return connecting.result(wait_s)
    except TimeoutError:
        connecting.add_done_callback(_close_late)
        raise psycopg.errors.ConnectionTimeout(f"no connection within {wait_s:.1f} s") from None


def _close_late(connecting: Future[Any]) -> None:
    if connecting.exception() is None:
        connecting.result().close()


def _cut(fd: int) -> None:
    """Shut down a connection's socket from another thread; the thread that waits on it reads its end."""
    with suppress(OSError), socket.socket(fileno=os.dup(fd)) as line:
        line.shutdown(socket.SHUT_RDWR)
