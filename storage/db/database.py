"""The database: the only place that begins and commits transactions and waits for locks and connections.

Use cases pass their work to `Database.run_transaction`: all of it is one transaction. A `Tx` is valid only inside.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

import psycopg
from sqlalchemy import Connection, CursorResult, Engine, Executable, bindparam, func, select, text
from sqlalchemy.exc import DBAPIError

from storage.db.columns import UtcDateTime
from storage.db.connection_watchdog import GRACE_S, ConnectionWatchdog
from storage.db.engines import Deadline, Engines, FifoSemaphore, connect_wait_s, engines_of, redacted_url
from storage.db.errors import Conflict, DatabaseBusy, DatabaseUnavailable, Stale, translate
from storage.db.health import Health
from storage.db.sqlite_file import SqliteFile

T = TypeVar("T")
Parameters = Mapping[str, Any] | Sequence[Mapping[str, Any]]

DEFAULT_WAIT_S: Final = 30.0
CONNECT_WAIT_S: Final = 3.0
LISTENER_WAIT_S: Final = 2.0
"""Slack gives a listener three seconds; two of them may be spent on the database."""
LISTENERS_AT_ONCE: Final = 24
"""Of 32 listener workers: the rest stay free to tell people that the database is busy."""

_time_limit: Final[ContextVar[Deadline | None]] = ContextVar("time_limit", default=None)
"""The deadline set by `Database.time_limit`."""
_PROBE: Final = text(
    "INSERT INTO receipts (workspace, key, fingerprint, at) VALUES ('', 'probe', '', :at)"
    " ON CONFLICT (workspace, key) DO UPDATE SET at = excluded.at"
).bindparams(bindparam("at", type_=UtcDateTime()))
_EMPTY_WAL_MS: Final = 200
"""How long to wait for those who read the `-wal` file before it is emptied after a later transaction."""
_LOCK: Final = select(func.pg_advisory_xact_lock(func.hashtextextended(bindparam("name"), 0)))
_LOCK_SHARED: Final = select(func.pg_advisory_xact_lock_shared(func.hashtextextended(bindparam("name"), 0)))
_SET_WAITS: Final = text(
    "SELECT set_config('lock_timeout', :wait, false), set_config('statement_timeout', :wait, false)"
)
_FRESH_PLANS: Final = text("SET LOCAL plan_cache_mode = force_custom_plan")
_CACHED_PLANS: Final = text("SET LOCAL plan_cache_mode = auto")


class _RolledBack(Exception):  # noqa: N818 - ends the probe's transaction, and is no error
    """Ends a transaction that only tries whether it could be committed."""


class Tx:
    """An open transaction. Raises RuntimeError if used after its end.

    After a failed statement every further use raises the same error again, because PostgreSQL would turn the commit of
    a failed transaction into a silent roll-back.
    """

    __slots__ = ("_connection", "_place", "dialect", "erased", "failure", "wrote")

    def __init__(self, connection: Connection, place: str) -> None:
        self._connection: Connection | None = connection
        self._place = place
        self.dialect = connection.dialect.name
        self.failure: Exception | None = None
        self.wrote = False
        """Whether a statement has changed a row."""
        self.erased = False
        """Whether it deletes what somebody wrote, which must be gone from the disk once it is committed."""

    def execute(self, statement: Executable, parameters: Parameters | None = None) -> CursorResult[*tuple[Any, ...]]:
        """Execute one statement and return its result.

        Raises:
            DatabaseBusy: a lock or the statement took longer than the transaction may wait.
            DatabaseUnavailable: the database cannot be reached.
            Conflict: a unique constraint was violated, or the database asks to begin again.
            RuntimeError: the transaction has ended.
        """
        if self._connection is None:
            raise RuntimeError("this transaction has ended; nothing can be read or written through it now")
        if self.failure is not None:
            raise self.failure
        try:
            result = self._connection.execute(statement, parameters)
        except DBAPIError as error:
            self.failure = translate(error, self._place)
            raise self.failure from error
        self.wrote = self.wrote or statement.is_insert or (statement.is_dml and result.rowcount > 0)
        return result

    @contextmanager
    def fresh_query_plans(self) -> Iterator[None]:
        """Have PostgreSQL plan the statements of the block anew instead of reusing cached plans.

        A plan made while a table was empty, as the outbox mostly is, reads the whole table however full it is by then.
        Not for statements that write: the checks of their foreign keys would be planned anew for every row.
        """
        if self.dialect != "postgresql":
            yield
            return
        self.execute(_FRESH_PLANS)
        yield
        self.execute(_CACHED_PLANS)

    def end(self) -> None:
        """Make every further use raise RuntimeError."""
        self._connection = None


class Database:
    """A SQLite file or a PostgreSQL database, shared by all threads of the process."""

    def __init__(self, engines: Engines) -> None:
        self.health = Health()
        self._file = SqliteFile(engines.path) if engines.path is not None else None
        self._unerased = False
        """Whether the `-wal` file may still hold what a transaction has erased."""
        self._writers = engines.writers
        self._readers = engines.readers
        self._write_slots = FifoSemaphore(engines.writer_slots)
        one_pool = engines.readers is engines.writers
        self._read_slots = self._write_slots if one_pool else FifoSemaphore(engines.reader_slots)
        self._listeners = FifoSemaphore(LISTENERS_AT_ONCE)
        self._watchdog = ConnectionWatchdog()
        self.dialect = engines.writers.dialect.name
        self._place = redacted_url(engines.writers.url)

    @classmethod
    def open(cls, url: str, *, pool_size: int = 6) -> Database:
        """Return the database at this URL. Connects at first use.

        Raises:
            ValueError: the URL cannot be used; the message says what to write instead.
        """
        return cls(engines_of(url, pool_size=pool_size))

    def __repr__(self) -> str:
        return f"Database({self._place!r})"

    @property
    def url(self) -> str:
        """The database's URL including the password; never log it."""
        return self._writers.url.render_as_string(hide_password=False)

    @contextmanager
    def time_limit(self, wait_s: float = LISTENER_WAIT_S) -> Iterator[None]:
        """Limit the sum of all waits for the database in the block, in this thread, to `wait_s` seconds.

        Inside another such block it ends no later than that one.
        """
        outer = _time_limit.get()
        token = _time_limit.set(Deadline(wait_s if outer is None else min(wait_s, outer.left_s)))
        try:
            yield
        finally:
            _time_limit.reset(token)

    @contextmanager
    def transaction(self, *, wait_s: float | None = None) -> Iterator[Tx]:
        """Open a transaction: commit at the end of the block, or roll back if it raises.

        Args:
            wait_s: longest wait in seconds for a connection, a lock or a statement.

        Raises:
            DatabaseBusy: a wait took longer than `wait_s`.
            DatabaseUnavailable: the database cannot be reached.
        """
        with self.health.watched(), self._write(_deadline(wait_s)) as tx:
            yield tx

    @contextmanager
    def reading(self, *, wait_s: float | None = None) -> Iterator[Tx]:
        """Open a read-only transaction. On SQLite it does not wait for writers. Raises as `transaction` does."""
        deadline = _deadline(wait_s)
        with (
            self.health.watched(),
            self._slot_of(self._read_slots, deadline),
            self._begin_on(self._readers, deadline, read_only=True) as tx,
        ):
            yield tx

    def run_transaction(self, work: Callable[[Tx], T], *, wait_s: float | None = None, tries: int = 5) -> T:
        """Run `work` in one transaction and return its result; run it again after `Stale` or `Conflict`.

        It is also run again, once, when the connection has died since its last use, and never after another error. So
        `work` must only read and write through its `Tx`. All tries together wait at most `wait_s` seconds.

        Raises:
            DatabaseBusy: a wait took longer than `wait_s`.
            DatabaseUnavailable: the database cannot be reached.
            Stale, Conflict: the last of `tries` tries failed with it.
        """
        with self.health.watched():
            return self._run(work, _deadline(wait_s), tries)

    def _run(self, work: Callable[[Tx], T], deadline: Deadline, tries: int) -> T:
        reconnected = False
        for attempt in range(1, tries + 1):
            try:
                with self._write(deadline) as tx:
                    return work(tx)
            except (Stale, Conflict):
                if attempt == tries:
                    raise
            except DatabaseUnavailable as away:
                if reconnected or away.at_commit or attempt == tries or not deadline.left_s:
                    raise
                reconnected = True
        raise AssertionError("tries must be positive")

    def run_for_listener(self, work: Callable[[Tx], T], *, wait_s: float = LISTENER_WAIT_S) -> T:
        """Run `work` as `run_transaction` does, with short waits and at most `LISTENERS_AT_ONCE` threads at a time."""
        deadline = _deadline(wait_s)
        with self._slot_of(self._listeners, deadline):
            return self.run_transaction(work, wait_s=deadline.left_s)

    def lock(self, tx: Tx, name: str, *, shared: bool = False) -> None:
        """Take the lock of this name until the transaction ends; several may share it at a time, or one have it alone.

        On SQLite only one transaction writes anyway.
        """
        if self.dialect == "postgresql":
            tx.execute(_LOCK_SHARED if shared else _LOCK, {"name": name})

    def ping(self) -> None:
        """Check that the database can be written: write a row and roll it back.

        After a failure the row is committed, because a full disk is met only then.

        Raises:
            DatabaseBusy: it could not be written in time.
            DatabaseUnavailable: it cannot be reached or written.
        """
        if self._file is not None:
            with self.health.watched():
                self._file.check_room()
        with suppress(_RolledBack), self.transaction(wait_s=LISTENER_WAIT_S) as tx:
            tx.execute(_PROBE, {"at": datetime.now(UTC)})
            tx.wrote = True
            if self.health.why_away is None:
                raise _RolledBack

    def close(self) -> None:
        """Close every connection."""
        self._writers.dispose()
        self._readers.dispose()

    @contextmanager
    def _slot_of(self, semaphore: FifoSemaphore, deadline: Deadline) -> Iterator[None]:
        if not semaphore.acquire(deadline.left_s):
            raise DatabaseBusy("too many others are using the database; it was not free in time")
        try:
            yield
        finally:
            semaphore.release()

    @contextmanager
    def _write(self, deadline: Deadline) -> Iterator[Tx]:
        with self._slot_of(self._write_slots, deadline), self._begin_on(self._writers, deadline) as tx:
            yield tx

    @contextmanager
    def _begin_on(self, engine: Engine, deadline: Deadline, *, read_only: bool = False) -> Iterator[Tx]:
        self._check_file()
        connection = self._connected(engine, deadline)
        try:
            with self._watched(connection, deadline), self._read_only(connection) if read_only else nullcontext():
                self._begin(connection, deadline)
                tx = Tx(connection, self._place)
                try:
                    yield tx
                    if tx.failure is not None:
                        raise tx.failure  # noqa: TRY301 - a failure that was caught inside must still roll back
                    self._check_file(wal=tx.wrote and connection.info.get("wal", False))
                except BaseException:
                    self._roll_back(connection)
                    raise
                finally:
                    tx.end()
                self._commit(connection)
                if tx.wrote:
                    self.health.wrote()
                if self._file is not None and (tx.erased or (self._unerased and tx.wrote)):
                    self._empty_wal(connection)
        finally:
            connection.close()

    def _check_file(self, *, wal: bool = False) -> None:
        if self._file is not None:
            self._file.check(wal=wal)

    def _empty_wal(self, connection: Connection) -> None:
        """Move everything from the `-wal` file into the database and truncate it: it still has what was erased.

        While somebody reads it, that is left to a later transaction.
        """
        driver: Any = connection.connection.driver_connection
        driver.execute(f"PRAGMA busy_timeout={_EMPTY_WAL_MS}")
        connection.info.pop("wait_ms", None)
        busy, *_ = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        self._unerased = bool(busy)

    def _watched(self, connection: Connection, deadline: Deadline) -> AbstractContextManager[None]:
        """Return a block in which the connection is shut down if PostgreSQL exceeds even its own time limits."""
        if self.dialect != "postgresql":
            return nullcontext()
        driver: Any = connection.connection.driver_connection
        return self._watchdog.shut_down_after(driver.fileno(), deadline.left_s + GRACE_S)

    @contextmanager
    def _read_only(self, connection: Connection) -> Iterator[None]:
        """Make PostgreSQL refuse writes within the block.

        Afterwards the server's own default counts again: SQLAlchemy's option would ask for writing from then on, even
        where an admin, or a fail-over, has made the server read-only.
        """
        if self.dialect != "postgresql":  # SQLite's readers have connections of their own
            yield
            return
        driver: Any = connection.connection.driver_connection
        driver.read_only = True
        try:
            yield
        finally:
            with suppress(psycopg.Error):  # the connection is lost: it will not be used again
                driver.read_only = None

    def _connected(self, engine: Engine, deadline: Deadline) -> Connection:
        connect_wait_s.set(min(CONNECT_WAIT_S, max(deadline.left_s, GRACE_S)))
        try:
            return engine.connect()
        except DBAPIError as error:
            raise translate(error, self._place) from error

    def _begin(self, connection: Connection, deadline: Deadline) -> None:
        """Begin the transaction, with its time limits set to what is left of the deadline."""
        wait_ms = max(250, math.ceil(deadline.left_s * 4) * 250)
        known = connection.info.get("wait_ms")
        try:
            if self.dialect == "sqlite":
                if known != wait_ms:
                    connection.connection.driver_connection.execute(  # type: ignore[union-attr]  # it is open
                        f"PRAGMA busy_timeout={wait_ms}"
                    )
                    connection.info["wait_ms"] = wait_ms
                connection.begin()
                return
            connection.begin()
            if known != wait_ms:
                connection.execute(_SET_WAITS, {"wait": str(wait_ms)})
                connection.info["wait_ms"] = wait_ms
        except DBAPIError as error:
            raise translate(error, self._place) from error

    def _commit(self, connection: Connection) -> None:
        try:
            connection.commit()
        except DBAPIError as error:
            if not connection.invalidated:
                connection.info.pop("wait_ms", None)
            raise translate(error, self._place, at_commit=True) from error

    def _roll_back(self, connection: Connection) -> None:
        """Roll back. On PostgreSQL that also undoes our time limits, so they must be set again."""
        if self.dialect == "postgresql" and not connection.invalidated:
            connection.info.pop("wait_ms", None)
        try:
            connection.rollback()
        except DBAPIError:
            connection.invalidate()


def _deadline(wait_s: float | None) -> Deadline:
    """Return a deadline of `wait_s` seconds, or sooner if an enclosing `time_limit` ends sooner."""
    asked, limit = DEFAULT_WAIT_S if wait_s is None else wait_s, _time_limit.get()
    return Deadline(asked if limit is None else min(asked, limit.left_s))
