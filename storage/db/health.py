"""Whether the database can be written: what the last failure was, and a probe that proves the opposite.

A failure is logged once, when it begins, however many transactions meet it; so is its end.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from storage.db.errors import DatabaseUnavailable

_log: Final = logging.getLogger(__name__)


class Health:
    """Remembers why the database could not be used last, until a transaction has written again."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.why_away: str | None = None

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Remember a `DatabaseUnavailable` that ends the block."""
        try:
            yield
        except DatabaseUnavailable as away:
            self._failed(str(away))
            raise

    def wrote(self) -> None:
        """Forget the failure: a transaction that wrote something was committed."""
        if self.why_away is None:
            return
        with self._lock:
            was_away, self.why_away = self.why_away is not None, None
        if was_away:
            _log.info("the database is back")

    def _failed(self, why: str) -> None:
        with self._lock:
            is_new, self.why_away = self.why_away is None, why
        if is_new:
            _log.error("the database is away, nothing is stored until it is back: %s", why)
