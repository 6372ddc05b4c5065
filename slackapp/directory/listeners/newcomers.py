"""Look-up of people who act and whom Baton does not know yet, in a thread of its own: no listener waits for Slack."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import structlog

from storage.db.errors import DatabaseBusy, DatabaseUnavailable

AGAIN_AFTER_S: Final = 3600.0
"""Real seconds after which somebody is looked up again: by then the sweep has read all whom Slack lists."""
_REMEMBERED: Final = 10_000
_log = structlog.get_logger(__name__)


class Newcomers:
    """Looks people up one by one, each at most once an hour unless Slack could not be asked.

    Args:
        read: reads a person from Slack and stores what it tells; returns whether Slack could be asked.
        seconds: real time, which only grows.
    """

    def __init__(self, read: Callable[[str], bool], seconds: Callable[[], float] = time.monotonic) -> None:
        self._read = read
        self._seconds = seconds
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="newcomers")
        self._lock = threading.Lock()
        self._asked_at: dict[str, float] = {}
        self._pending = 0

    def look_up(self, user: str) -> None:
        """Look somebody up soon. Returns at once."""
        now = self._seconds()
        with self._lock:
            if now - self._asked_at.get(user, now - AGAIN_AFTER_S) < AGAIN_AFTER_S:
                return
            if len(self._asked_at) >= _REMEMBERED:
                self._asked_at.clear()
            self._asked_at[user] = now
            self._pending += 1
        try:
            self._pool.submit(self._ask, user)
        except RuntimeError:  # the pool is shut: Baton is stopping
            self._done(user, asked=False)

    def soon(self, work: Callable[[], object]) -> None:
        """Read something else from Slack soon, in the same thread. Returns at once."""
        with self._lock:
            self._pending += 1
        try:
            self._pool.submit(self._do, work)
        except RuntimeError:  # the pool is shut: Baton is stopping
            self._ended()

    def quiet(self) -> bool:
        """Return whether nobody is being looked up."""
        with self._lock:
            return self._pending == 0

    def stop(self) -> None:
        """Let the look-up in progress end, and start no more."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _do(self, work: Callable[[], object]) -> None:
        try:
            work()
        except (DatabaseBusy, DatabaseUnavailable) as away:
            _log.info("what Slack told could not be stored, and the sweep will read it again", why=str(away))
        except Exception:  # noqa: BLE001 - nothing waits for the thread that could say so
            _log.exception("something could not be read from Slack")
        finally:
            self._ended()

    def _ended(self) -> None:
        with self._lock:
            self._pending -= 1

    def _ask(self, user: str) -> None:
        asked = False
        try:
            asked = self._read(user)
        except (DatabaseBusy, DatabaseUnavailable) as away:
            _log.info("a person could not be stored, and will be looked up again", user=user, why=str(away))
        except Exception:  # noqa: BLE001 - nothing waits for the thread that could say so
            _log.exception("a person could not be looked up", user=user)
        finally:
            self._done(user, asked=asked)

    def _done(self, user: str, *, asked: bool) -> None:
        with self._lock:
            self._pending -= 1
            if not asked:
                self._asked_at.pop(user, None)
