"""SQLAlchemy engines for SQLite and PostgreSQL, the FIFO queue in front of their connections, and time limits."""

from __future__ import annotations

import re
import sqlite3
import threading
import time
from collections import deque
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, quote_plus, urlsplit

from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from storage.db.columns import to_json
from storage.db.connection_watchdog import connect_within
from storage.db.sqlite_file import path_of

POSTGRESQL: Final = "postgresql+psycopg"
_HIDDEN: Final = "***"
connect_wait_s: Final = ContextVar("connect_wait_s", default=3.0)
"""Longest wait, in seconds, of the current caller for a new connection to PostgreSQL."""
_WAL: Final = "PRAGMA journal_mode=WAL"
"""Readers do not wait for the writer. The answer is the mode in force: some file systems cannot do it."""
_CONNECT_WAIT_S: Final = 30
_PER_SQLITE_CONNECTION: Final = (
    "PRAGMA synchronous=FULL",  # what was committed survives a loss of power
    "PRAGMA secure_delete=ON",  # what is deleted is overwritten in the file
    "PRAGMA foreign_keys=ON",
)


@dataclass(frozen=True, kw_only=True)
class Engines:
    """What connects to one database, and keeps its statements compiled."""

    writers: Engine
    readers: Engine
    """On PostgreSQL the same as `writers`."""
    writer_slots: int
    reader_slots: int
    """How many connections each of them has at most."""
    path: Path | None = None
    """SQLite's file."""


def engines_of(url: str, *, pool_size: int = 6) -> Engines:
    """Create the engines of the database at this URL. They connect at first use.

    Raises:
        ValueError: the URL cannot be used; the message says what to write instead.
    """
    parts = parse_url(url)
    path = path_of(parts)
    if path is None:
        engine = postgresql_engine(parts, pool_size=pool_size)
        return Engines(writers=engine, readers=engine, writer_slots=pool_size, reader_slots=pool_size)
    return Engines(
        writers=sqlite_engine(parts, path, pool_size=1, read_only=False),
        readers=sqlite_engine(parts, path, pool_size=pool_size, read_only=True),
        writer_slots=1,
        reader_slots=pool_size,
        path=path,
    )


def parse_url(url: str) -> URL:
    """Parse a database URL.

    Raises:
        ValueError: no URL, or a database that Baton cannot use; the message says what to write instead.
    """
    try:
        parts = make_url(url)
    except ArgumentError:
        raise ValueError(
            "This is no database URL. Use sqlite:///baton.db or postgresql+psycopg://user:password@host/database."
        ) from None
    if parts.drivername in {"sqlite", "sqlite+pysqlite"}:
        if parts.database in {None, "", ":memory:"} or "mode=memory" in url:
            raise ValueError("SQLite needs a file, because nothing may be lost: sqlite:///baton.db")
        return parts
    if parts.drivername == POSTGRESQL:
        return parts
    if parts.drivername in {"postgres", "postgresql"}:
        raise ValueError(f"Name the driver in the database URL: {POSTGRESQL}://… instead of {parts.drivername}://…")
    raise ValueError(f"Baton keeps its ledger in SQLite or PostgreSQL, not in {parts.drivername!r}.")


def redacted_url(url: URL) -> str:
    """Return the database's URL without its passwords, wherever they stand in it, for messages and logs."""
    shown = url.update_query_dict({name: _HIDDEN for name in url.query if _is_secret(name)})
    return shown.render_as_string(hide_password=True).replace(quote_plus(_HIDDEN), _HIDDEN)


def secrets_of(url: str) -> tuple[str, ...]:
    """Return every password in a database's URL, as it is and as it is written there."""
    parts = parse_url(url)
    given = [value for name in parts.query if _is_secret(name) for value in parts.normalized_query[name]]
    plain = [str(parts.password)] if parts.password is not None else []
    written = [urlsplit(url).password or ""]
    return tuple(dict.fromkeys(secret for secret in (*plain, *given, *written) if secret))


def _is_secret(name: str) -> bool:
    """Return whether a parameter of a URL holds a password, as `password` and `sslpassword` do."""
    return re.search(r"pass(?!file)|secret|token|pwd", name, re.IGNORECASE) is not None


def _enter_wal(connection: sqlite3.Connection) -> bool:
    """Turn on the write-ahead log; return whether the file system can do it.

    Where another connection is about to write to a file without the log, as when two processes start at once on a new
    one, SQLite says at once that it is locked, whatever the timeout.
    """
    ends_at = time.monotonic() + _CONNECT_WAIT_S
    while True:
        try:
            return bool(connection.execute(_WAL).fetchone()[0] == "wal")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > ends_at:
                raise
            time.sleep(0.01)


def sqlite_engine(url: URL, file: Path, *, pool_size: int, read_only: bool) -> Engine:
    """Create an engine for an existing SQLite file; it never creates one. Write transactions begin IMMEDIATE.

    A read followed by a write under a plain BEGIN fails at once when another writer is active, whatever the timeout.
    """
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        json_serializer=to_json,
        hide_parameters=True,  # an error in the log must not tell what somebody typed
        connect_args={"check_same_thread": False},
    )

    @event.listens_for(engine, "do_connect")
    def _open_existing(_dialect: Any, _record: object, arguments: list[Any], named: dict[str, Any]) -> None:
        arguments[:] = [f"file:{quote(str(file))}?mode=rw"]
        named["uri"] = True

    @event.listens_for(engine, "connect")
    def _settle(connection: sqlite3.Connection, record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        connection.execute(f"PRAGMA busy_timeout={1000 * _CONNECT_WAIT_S}")
        record.info["wal"] = _enter_wal(connection)
        for pragma in (*_PER_SQLITE_CONNECTION, *(["PRAGMA query_only=ON"] if read_only else [])):
            connection.execute(pragma)

    begin = "BEGIN" if read_only else "BEGIN IMMEDIATE"

    def _begin(connection: Any) -> None:
        connection.execute(begin)

    # Not by a listener for "begin": while an engine has one, every statement asks whether somebody listens to it.
    engine.dialect.do_begin = _begin  # type: ignore[assignment, method-assign]  # as SQLAlchemy calls it
    return engine


def postgresql_engine(url: URL, *, pool_size: int) -> Engine:
    """Create an engine for PostgreSQL with psycopg; the server ends transactions that are idle for a minute."""
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        json_serializer=to_json,
        hide_parameters=True,
        isolation_level="READ COMMITTED",
        connect_args={
            "connect_timeout": 3,
            "application_name": "baton",
            "options": "-c timezone=UTC -c idle_in_transaction_session_timeout=60000",
        },
    )

    @event.listens_for(engine, "do_connect")
    def _connect(dialect: Any, _record: object, arguments: list[Any], named: dict[str, Any]) -> Any:
        return connect_within(lambda: dialect.connect(*arguments, **named), connect_wait_s.get())

    return engine


class FifoSemaphore:
    """First-in, first-out semaphore with `slots` slots.

    SQLite's own busy handler retries in random order and sleeps up to a second; here the next thread in line is woken
    at once. On PostgreSQL the same queue stands in front of the connection pool.
    """

    def __init__(self, slots: int) -> None:
        self._free = slots
        self._line: deque[threading.Event] = deque()
        self._lock = threading.Lock()

    def acquire(self, wait_s: float) -> bool:
        """Wait at most `wait_s` seconds for a slot; return whether one was acquired."""
        with self._lock:
            if self._free:  # then no thread is in line: a released slot goes to the line first
                self._free -= 1
                return True
            mine = threading.Event()
            self._line.append(mine)
        if mine.wait(wait_s):
            return True
        with self._lock:
            if mine.is_set():  # the slot was passed to us while we gave up
                return True
            self._line.remove(mine)
            return False

    def release(self) -> None:
        """Pass the slot to the next thread in line."""
        with self._lock:
            if self._line:
                self._line.popleft().set()
            else:
                self._free += 1


class Deadline:
    """A time limit in seconds, counted from construction."""

    def __init__(self, wait_s: float) -> None:
        self._until = time.monotonic() + wait_s

    @property
    def left_s(self) -> float:
        """Seconds that remain, never negative."""
        return max(0.0, self._until - time.monotonic())
