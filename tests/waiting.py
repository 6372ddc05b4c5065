"""Waits for what a test needs to have happened, instead of for so many seconds in which it usually has."""

from __future__ import annotations

import time
from collections.abc import Callable

from sqlalchemy import text

from storage.db.database import Database

WITHIN_S = 60.0
"""How long a test waits for what has to come: a busy machine takes its time."""
_WAITING = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")


def until(holds: Callable[[], object], *, within_s: float = WITHIN_S, every_s: float = 0.02) -> None:
    """Return as soon as something holds; fail when it does not within so many seconds."""
    ends_at = time.monotonic() + within_s
    while not holds():
        assert time.monotonic() < ends_at, f"it did not happen within {within_s} s"
        time.sleep(every_s)


def somebody_waits(database: Database) -> bool:
    """Whether a transaction waits for another to end: for a lock of PostgreSQL, for its turn to write SQLite."""
    if database.dialect == "sqlite":
        return bool(database._write_slots._line)
    with database.reading() as tx:
        return bool(tx.execute(_WAITING).scalar())
