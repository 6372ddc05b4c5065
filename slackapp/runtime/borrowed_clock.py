"""A clock that a local workspace lends to this process and may move, with the settle protocol.

For demos and tests only: a production process never imports this module. Addresses of other machines are refused, so
that nobody else can set Baton's time. In a settle round the workspace asks every process that borrows its clock whether
anything is due, leased or waiting, and continues once all of them report that nothing is.
"""

from __future__ import annotations

import http.client
import ipaddress
import json
import logging
import socket
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

_log = logging.getLogger(__name__)

POLL_S: Final = 20.0
"""Seconds for which the workspace may hold a poll open; it forgets a process that does not poll again soon after."""
_RETRY_S: Final = 0.2
_CHECK_S: Final = 0.005
_LONGEST_CHECK_S: Final = 0.04
"""Between two checks whether this process is quiet: they grow, because each may ask the database."""
_ANSWER_S: Final = 5.0
_NOT_UNDERSTOOD: Final = (OSError, http.client.HTTPException, ValueError, KeyError, TypeError)
"""Errors of a call to a workspace that is away, restarting or no workspace at all."""


@dataclass(frozen=True, kw_only=True)
class _Answer:
    """The workspace's response: how far its clock is ahead of real time, and the number of its settle round."""

    revision: int
    offset: timedelta
    settle: int


class BorrowedClock:
    """A clock that follows the one of a local workspace, which may be moved at any moment.

    Call `start` before `now` is used. One daemon thread follows the clock by long polls, another answers settle
    rounds: it reports whether this process has nothing due, leased or waiting. Both outlive a restart of the
    workspace.

    Args:
        url: the workspace's clock, such as `http://127.0.0.1:4000/clock`; only loopback addresses are accepted.
        process_id: how the workspace tells this process from others.

    Raises:
        ValueError: the address is not plain HTTP on this machine.
    """

    def __init__(self, url: str, process_id: str) -> None:
        self._host, self._port, self._path = _loopback(url)
        self._process_id = process_id
        self._offset = timedelta()
        self._revision: int | None = None
        self._callbacks: list[Callable[[], None]] = []
        self._checks: list[Callable[[], bool]] = []
        self._stopped = threading.Event()
        self._round_changed = threading.Condition()
        self._round: tuple[int, int] = (0, -1)
        self._poll: http.client.HTTPConnection | None = None
        self._threads: list[threading.Thread] = []
        self._puzzled = False
        self._inspect: str | None = None

    def now(self) -> datetime:
        """Return the workspace's present instant, aware, in UTC."""
        return datetime.now(UTC) + self._offset

    def on_change(self, callback: Callable[[], None]) -> None:
        """Register a function to call whenever the clock is moved or a settle round begins; it must return at once."""
        self._callbacks.append(callback)

    def quiet_when(self, check: Callable[[], bool]) -> None:
        """Register a check: this process reports itself as quiet only while all checks return True."""
        self._checks.append(check)

    def lend_inspection(self, address: str) -> None:
        """Set the address at which the workspace may inspect messages; later polls send it."""
        self._inspect = address
        try:
            self._exchange(self._connection(), self._poll_path(None, wait_s=0))
        except _NOT_UNDERSTOOD:
            return  # The workspace is away for the moment.

    def start(self, wait_s: float = 10.0) -> None:
        """Read the clock for the first time and begin to follow it.

        Raises:
            ConnectionError: nobody lends a clock there within `wait_s` seconds.
        """
        self._learn(self._first(wait_s), generation=0)
        for work in (self._follow, self._answer_rounds):
            thread = threading.Thread(target=work, name=f"clock-{work.__name__.strip('_')}", daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        """Stop following; the clock keeps its last offset. Safe to call twice."""
        self._stopped.set()
        with self._round_changed:
            self._round_changed.notify_all()
        if (poll := self._poll) is not None:
            _hang_up(poll)
        for thread in self._threads:
            thread.join(timeout=_ANSWER_S)
        if self._threads:
            self._leave()
        self._threads.clear()

    def _first(self, wait_s: float) -> _Answer:
        give_up_at = time.monotonic() + wait_s
        while True:
            try:
                return self._ask(after=None)
            except _NOT_UNDERSTOOD as problem:
                if time.monotonic() > give_up_at or self._stopped.wait(_RETRY_S):
                    raise ConnectionError(
                        f"No clock answers at http://{self._host}:{self._port}{self._path} ({problem}). "
                        "Start the local workspace, or unset BATON_CLOCK_URL."
                    ) from problem

    def _follow(self) -> None:
        """Poll until stopped.

        After a failure it polls without `after`: a new workspace counts its revisions and rounds from the start.
        """
        after: int | None = None
        generation = 0
        while not self._stopped.is_set():
            try:
                answer = self._ask(after=after)
            except _NOT_UNDERSTOOD as problem:
                if after is not None and not self._stopped.is_set():
                    _log.warning("The borrowed clock does not answer (%s); trying again", problem)
                after = None
                generation += 1
                self._stopped.wait(_RETRY_S)
            else:
                after = answer.revision
                self._learn(answer, generation=generation)

    def _learn(self, answer: _Answer, *, generation: int) -> None:
        """Apply a response: the offset first, then the callbacks, and only then the new settle round."""
        self._revision = answer.revision
        this_round = (generation, answer.settle)
        if answer.offset == self._offset and this_round == self._round:
            return
        self._offset = answer.offset
        for callback in self._callbacks:
            callback()
        with self._round_changed:
            self._round = this_round
            self._round_changed.notify_all()

    def _answer_rounds(self) -> None:
        """Report each settle round in which this process is quiet, as soon as it is; a newer round ends the older."""
        answered: tuple[int, int] | None = None
        pause_s = _CHECK_S
        while not self._stopped.is_set():
            this_round = self._next_round(answered)
            if self._is_quiet() and self._report_quiet(this_round[1]):
                answered, pause_s = this_round, _CHECK_S
            else:
                self._stopped.wait(pause_s)
                pause_s = min(1.5 * pause_s, _LONGEST_CHECK_S)

    def _next_round(self, answered: tuple[int, int] | None) -> tuple[int, int]:
        with self._round_changed:
            self._round_changed.wait_for(lambda: self._stopped.is_set() or self._round != answered)
            return self._round

    def _is_quiet(self) -> bool:
        """Run every check twice: work may pass from a part not yet checked to one checked already."""
        try:
            quiet = all(check() for check in (*self._checks, *self._checks))
        except Exception:  # noqa: BLE001 - the thread must live on; a part that cannot say is not quiet
            if not self._puzzled:  # Once: the question comes again in a moment.
                _log.warning("Could not tell whether this process is quiet", exc_info=True)
            self._puzzled = True
            return False
        self._puzzled = False
        return quiet

    def _report_quiet(self, settle: int) -> bool:
        """Report this process as quiet; return whether the workspace took it."""
        body = {"process": self._process_id, "settle": settle, "quiet": True}
        connection = self._connection()
        try:
            connection.request("POST", f"{self._path}/quiet", json.dumps(body), {"Content-Type": "application/json"})
            return connection.getresponse().status == HTTPStatus.OK
        except _NOT_UNDERSTOOD:
            return False
        finally:
            connection.close()

    def _ask(self, *, after: int | None) -> _Answer:
        poll = self._connection()
        try:
            poll.connect()
            self._poll = poll  # Before the question whether to stop: whoever stops us asks in the other order.
            if self._stopped.is_set():
                raise ConnectionError("stopped")
            return self._exchange(poll, self._poll_path(after))
        finally:
            poll.close()

    def _exchange(self, poll: http.client.HTTPConnection, path: str) -> _Answer:
        try:
            poll.request("GET", path)
            response = poll.getresponse()
            if response.status != HTTPStatus.OK:
                raise ConnectionError(f"it answered {response.status}")
            return _answer(json.loads(response.read()))
        finally:
            poll.close()

    def _leave(self) -> None:
        """Begin a poll and abort it: the workspace drops a process at once whose poll was aborted."""
        connection = self._connection()
        try:
            connection.request("GET", self._poll_path(self._revision))
        except OSError:
            return  # The workspace has gone first.
        finally:
            connection.close()

    def _poll_path(self, after: int | None, wait_s: float = POLL_S) -> str:
        wanted: dict[str, Any] = {"process": self._process_id, "wait": wait_s}
        if self._inspect is not None:
            wanted["inspect"] = self._inspect
        if after is not None:
            wanted["after"] = after
        return f"{self._path}?{urlencode(wanted)}"

    def _connection(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(self._host, self._port, timeout=POLL_S + _ANSWER_S)


def _answer(said: Mapping[str, Any]) -> _Answer:
    return _Answer(
        revision=int(said["revision"]),
        offset=timedelta(seconds=float(said["offset_s"])),
        settle=int(said["settle"]),
    )


def _loopback(url: str) -> tuple[str, int, str]:
    """Split a clock's URL into host, port and path.

    Raises:
        ValueError: The URL is not plain HTTP on this machine.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme != "http" or not _on_this_machine(host):
        raise ValueError(f"A clock is only borrowed from this machine (http://127.0.0.1:…/clock), not from {url!r}.")
    return host, parts.port or 80, parts.path.rstrip("/")


def _on_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _hang_up(connection: http.client.HTTPConnection) -> None:
    """Shut the socket of a poll that another thread is waiting in."""
    sock = connection.sock
    if sock is None:
        return
    try:
        sock.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # It had already ended.
