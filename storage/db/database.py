"""The database: the only place that begins, commits and waits.

A use case hands its work to `Database.retrying`; everything in it is one transaction. A `Tx` is good only inside.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, CursorResult, Engine, Executable, bindparam, func, select, text
from sqlalchemy.exc import DBAPIError

from storage.db.connection_watchdog import GRACE_S, ConnectionWatchdog
from storage.db.engines import (
    Deadline,
    FairQueue,
    connect_wait_s,
    parse_url,
    postgresql_engine,
    shown_url,
    sqlite_engine,
)
from storage.db.errors import Conflict, DatabaseBusy, DatabaseUnavailable, Stale, translate

T = TypeVar("T")
Parameters = Mapping[str, Any] | Sequence[Mapping[str, Any]]

DEFAULT_WAIT_S: Final = 30.0
CONNECT_WAIT_S: Final = 3.0
LISTENER_WAIT_S: Final = 2.0
"""Slack gives a listener three seconds; the database may have two of them."""
LISTENERS_AT_ONCE: Final = 24
"""Of 32 listener workers: the rest stay free to tell people that the database is busy."""

_limit: Final[ContextVar[Deadline | None]] = ContextVar("limit", default=None)
"""The end of all waiting in a block of `Database.within`."""
_LOCK: Final = select(func.pg_advisory_xact_lock(func.hashtextextended(bindparam("name"), 0)))
_WAITS: Final = text("SELECT set_config('lock_timeout', :wait, false), set_config('statement_timeout', :wait, false)")
_PLAN_ANEW: Final = text("SET LOCAL plan_cache_mode = force_custom_plan")
_PLAN_AS_USUAL: Final = text("SET LOCAL plan_cache_mode = auto")
_ONE: Final = select(1)


class Tx:
    """An open transaction. It refuses to be used after its end, and after a statement of it has failed.

    PostgreSQL would turn the commit of a failed transaction into a silent roll-back; here the failure comes up again.
    """

    __slots__ = ("_connection", "_place", "dialect", "failure")

    def __init__(self, connection: Connection, place: str) -> None:
        self._connection: Connection | None = connection
        self._place = place
        self.dialect = connection.dialect.name
        self.failure: Exception | None = None

    def execute(self, statement: Executable, parameters: Parameters | None = None) -> CursorResult[*tuple[Any, ...]]:
        """Run one statement. Raises `DatabaseBusy`, `DatabaseUnavailable` or `Conflict`, and bugs as they are."""
        if self._connection is None:
            raise RuntimeError("this transaction has ended; nothing can be read or written through it any more")
        if self.failure is not None:
            raise self.failure
        try:
            return self._connection.execute(statement, parameters)
        except DBAPIError as error:
            self.failure = translate(error, self._place)
            raise self.failure from error

    @contextmanager
    def planning_anew(self) -> Iterator[None]:
        """Have the statements of the block planned for their values and for what the tables hold now.

        PostgreSQL keeps the plan of a statement that a connection repeats. One made while a table was empty, as the
        outbox mostly is, reads the table whole however full it is by then. Not for statements that write: the checks of
        their foreign keys would be planned anew for every row.
        """
        if self.dialect != "postgresql":
            yield
            return
        self.execute(_PLAN_ANEW)
        yield
        self.execute(_PLAN_AS_USUAL)

    def end(self) -> None:
        """Refuse everything from now on."""
        self._connection = None


class Database:
    """One SQLite file or PostgreSQL database, shared by all threads of the process."""

    def __init__(self, writers: Engine, readers: Engine, *, places: int, read_places: int) -> None:
        self._writers = writers
        self._readers = readers
        self._write_turn = FairQueue(places)
        self._read_turn = self._write_turn if readers is writers else FairQueue(read_places)
        self._listeners = FairQueue(LISTENERS_AT_ONCE)
        self._deadlines = ConnectionWatchdog()
        self.dialect = writers.dialect.name
        self._place = shown_url(writers.url)

    @classmethod
    def open(cls, url: str, *, pool_size: int = 6) -> Database:
        """Open a database by its URL. Connects at first use; refuses an unusable URL with ValueError."""
        parts = parse_url(url)
        if parts.get_backend_name() == "sqlite":
            writer = sqlite_engine(parts, pool_size=1, read_only=False)
            readers = sqlite_engine(parts, pool_size=pool_size, read_only=True)
            return cls(writer, readers, places=1, read_places=pool_size)
        engine = postgresql_engine(parts, pool_size=pool_size)
        return cls(engine, engine, places=pool_size, read_places=pool_size)

    def __repr__(self) -> str:
        return f"Database({self._place!r})"

    @property
    def url(self) -> str:
        """The URL it was opened by, password and all: to open it again, never to be shown."""
        return self._writers.url.render_as_string(hide_password=False)

    @contextmanager
    def within(self, wait_s: float = LISTENER_WAIT_S) -> Iterator[None]:
        """Let all that this thread asks of the database in the block wait no longer than this, taken together."""
        token = _limit.set(Deadline(wait_s))
        try:
            yield
        finally:
            _limit.reset(token)

    @contextmanager
    def transaction(self, *, wait_s: float | None = None) -> Iterator[Tx]:
        """Begin; commit at the end of the block, or roll back if it raises.

        Args:
            wait_s: the longest wait in seconds for a connection, a lock or a statement; then `DatabaseBusy` is raised.
        """
        patience = _patience(wait_s)
        with self._place_in(self._write_turn, patience), self._begun(self._writers, patience) as tx:
            yield tx

    @contextmanager
    def reading(self, *, wait_s: float | None = None) -> Iterator[Tx]:
        """Begin a transaction that only reads. On SQLite it does not queue behind writers."""
        patience = _patience(wait_s)
        with (
            self._place_in(self._read_turn, patience),
            self._begun(self._readers, patience, postgresql_readonly=True) as tx,
        ):
            yield tx

    def retrying(self, work: Callable[[Tx], T], *, wait_s: float | None = None, tries: int = 5) -> T:
        """Do `work` in one transaction; begin again when somebody else was quicker.

        Begins again on `Stale` and `Conflict`, and once when a connection turns out to have died since its last use.
        Never on another error. `work` must therefore do nothing but read and write through its `Tx`. All tries
        together wait no longer than `wait_s` seconds.
        """
        patience = _patience(wait_s)
        reconnected = False
        for attempt in range(1, tries + 1):
            try:
                with self.transaction(wait_s=patience.left_s) as tx:
                    return work(tx)
            except (Stale, Conflict):
                if attempt == tries:
                    raise
            except DatabaseUnavailable as away:
                if reconnected or away.at_commit or attempt == tries or not patience.left_s:
                    raise
                reconnected = True
        raise AssertionError("tries must be positive")

    def listener(self, work: Callable[[Tx], T], *, wait_s: float = LISTENER_WAIT_S) -> T:
        """Do `work` as `retrying` does, for a thread that answers a person: few at once, none waits long."""
        patience = _patience(wait_s)
        with self._place_in(self._listeners, patience):
            return self.retrying(work, wait_s=patience.left_s)

    def lock(self, tx: Tx, name: str) -> None:
        """Hold the lock of this name until the transaction ends. On SQLite a writer is alone already."""
        if self.dialect == "postgresql":
            tx.execute(_LOCK, {"name": name})

    def ping(self) -> None:
        """Return if the database answers; raise `DatabaseUnavailable` or `DatabaseBusy` otherwise."""
        with self.reading(wait_s=LISTENER_WAIT_S) as tx:
            tx.execute(_ONE)

    def close(self) -> None:
        """Close every connection."""
        self._writers.dispose()
        self._readers.dispose()

    @contextmanager
    def _place_in(self, turn: FairQueue, patience: Deadline) -> Iterator[None]:
        if not turn.take(patience.left_s):
            raise DatabaseBusy("too many others are using the database; it was not free in time")
        try:
            yield
        finally:
            turn.give_back()

    @contextmanager
    def _begun(self, engine: Engine, patience: Deadline, **options: Any) -> Iterator[Tx]:
        connection = self._connected(engine, options, patience)
        try:
            with self._watched(connection, patience):
                self._begin(connection, patience)
                tx = Tx(connection, self._place)
                try:
                    yield tx
                    if tx.failure is not None:
                        raise tx.failure  # noqa: TRY301 - a failure that was caught inside still undoes everything
                except BaseException:
                    self._roll_back(connection)
                    raise
                finally:
                    tx.end()
                self._commit(connection)
        finally:
            connection.close()

    def _watched(self, connection: Connection, patience: Deadline) -> AbstractContextManager[None]:
        """Cut the connection to a PostgreSQL that does not even keep its own time limits."""
        if self.dialect != "postgresql":
            return nullcontext()
        driver: Any = connection.connection.driver_connection
        return self._deadlines.cutting(driver.fileno(), patience.left_s + GRACE_S)

    def _connected(self, engine: Engine, options: Mapping[str, Any], patience: Deadline) -> Connection:
        connect_wait_s.set(min(CONNECT_WAIT_S, max(patience.left_s, GRACE_S)))
        try:
            connection = engine.connect()
            return connection.execution_options(**options) if options else connection
        except DBAPIError as error:
            raise translate(error, self._place) from error

    def _begin(self, connection: Connection, patience: Deadline) -> None:
        """Begin, with every wait inside the transaction bounded by the patience that is left."""
        wait_ms = max(250, math.ceil(patience.left_s * 4) * 250)
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
                connection.execute(_WAITS, {"wait": str(wait_ms)})
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
        """Undo. What a roll-back undoes on PostgreSQL includes our settings of how long to wait."""
        if self.dialect == "postgresql" and not connection.invalidated:
            connection.info.pop("wait_ms", None)
        try:
            connection.rollback()
        except DBAPIError:
            connection.invalidate()


def _patience(wait_s: float | None) -> Deadline:
    """How long to wait: as long as is asked for, and never past the end that `within` has set."""
    asked, limit = DEFAULT_WAIT_S if wait_s is None else wait_s, _limit.get()
    return Deadline(asked if limit is None else min(asked, limit.left_s))
