"""A database that cannot be written is away: noticed by the probe, logged once, and over once it was written again."""

from __future__ import annotations

import logging
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import event, make_url, select

from storage.db.database import Database, Tx
from storage.db.errors import DatabaseBusy, DatabaseUnavailable
from storage.db.receipts import receipts
from storage.db.upgrade import upgrade
from storage.handoffs import handoffs
from tests.builders import NOW, TEAM
from tests.databases import POSTGRESQL, SQLITE


def number(tx: Tx) -> int:
    return handoffs.next_number(tx, TEAM)


def is_away(database: Database) -> bool:
    return database.health.why_away is not None


def probes(database: Database) -> int:
    with database.reading() as tx:
        return len(tx.execute(select(receipts.c.key).where(receipts.c.key == "probe")).all())


def test_the_probe_leaves_nothing_behind(database: Database) -> None:
    for _ in range(3):
        database.ping()

    assert probes(database) == 0


@SQLITE
def test_the_probe_says_that_it_is_busy_while_nobody_can_write(database: Database, database_url: str) -> None:
    other = Database.open(database_url)
    with other.transaction(), database.time_limit(0.3), pytest.raises(DatabaseBusy):
        database.ping()
    other.close()


@contextmanager
def read_only(url: str) -> Iterator[None]:
    """New connections to a PostgreSQL database may only read, as after a fail-over to a standby."""
    parts = make_url(url)
    with psycopg.connect(host=str(parts.query["host"]), user="postgres", dbname="postgres", autocommit=True) as admin:
        admin.execute(f"ALTER DATABASE {parts.database} SET default_transaction_read_only = on")
        try:
            yield
        finally:
            admin.execute(f"ALTER DATABASE {parts.database} RESET default_transaction_read_only")


@POSTGRESQL
def test_a_postgresql_that_can_only_be_read_is_away(database_url: str, caplog: pytest.LogCaptureFixture) -> None:
    with read_only(database_url):
        database = Database.open(database_url)
        for use in (database.ping, lambda: database.run_transaction(number), database.ping):
            with pytest.raises(DatabaseUnavailable, match="read-only transaction"):
                use()
        assert is_away(database)
        assert probes(database) == 0, "it can be read"
        database.close()

    assert [record.levelno for record in caplog.records] == [logging.ERROR], "one line, however often"


@POSTGRESQL
@pytest.mark.parametrize("trouble", ["ALTER TABLE counters RENAME TO elsewhere", "DROP TABLE counters"])
def test_tables_that_are_not_there_are_a_database_that_is_away(empty_database_url: str, trouble: str) -> None:
    upgrade(empty_database_url)
    database = Database.open(empty_database_url)
    with psycopg.connect(
        host=str(make_url(empty_database_url).query["host"]),
        user="postgres",
        dbname=make_url(empty_database_url).database,
        autocommit=True,
    ) as admin:
        admin.execute(trouble)

    with pytest.raises(DatabaseUnavailable, match="counters"):
        database.run_transaction(number)
    database.close()


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A folder on a disk of one megabyte."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount, umount = shutil.which("mount"), shutil.which("umount")
    if mount is None or umount is None or os.geteuid() != 0:
        pytest.skip("only root can mount a small disk")
    if subprocess.run([mount, "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)], check=False).returncode:
        pytest.skip("this machine mounts no disks")
    yield folder
    subprocess.run([umount, "--lazy", str(folder)], check=True)


def fill(folder: Path) -> Path:
    """Fill the disk to the last byte."""
    ballast = folder / "ballast"
    with suppress(OSError), ballast.open("wb", buffering=0) as file:
        while True:
            file.write(b"x" * 4096)
    with suppress(OSError), ballast.open("ab", buffering=0) as file:
        while True:
            file.write(b"x")
    return ballast


def write_until_it_fails(database: Database) -> None:
    """Write: the `-wal` file may have some room left."""
    for _ in range(1000):
        database.run_transaction(number)


def test_a_full_disk_is_noticed_without_anybody_writing_and_is_over_when_there_is_room(
    small: Path, caplog: pytest.LogCaptureFixture
) -> None:
    url = f"sqlite:///{small / 'baton.db'}"
    upgrade(url)
    database = Database.open(url)
    database.ping()
    ballast = fill(small)

    for _ in range(3):
        with pytest.raises(DatabaseUnavailable, match="is full"):
            database.ping()
    with pytest.raises(DatabaseUnavailable):
        write_until_it_fails(database)
    ballast.unlink()
    database.ping()

    with caplog.at_level(logging.INFO):
        database.ping()
    assert not is_away(database)
    assert [record.levelno for record in caplog.records] == [logging.ERROR], "one line, however often"
    database.close()


@SQLITE
def test_after_a_failure_only_a_commit_proves_that_it_is_over(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    """A file that may not grow stands for a disk that is fuller than it says."""
    with database.transaction() as tx:
        number(tx)
    database._writers.dispose()
    limits = iter([1, 1_000_000])

    @event.listens_for(database._writers, "connect")
    def _limit(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute(f"PRAGMA max_page_count={next(limits)}")

    def much(tx: Tx) -> None:
        for nth in range(200):
            tx.execute(
                receipts.insert(),
                {"workspace": TEAM, "key": f"{nth}" * 500, "fingerprint": "", "handoff_id": None, "at": NOW},
            )

    with pytest.raises(DatabaseUnavailable, match="full"):
        database.run_transaction(much)
    assert is_away(database)
    database._writers.dispose()
    with caplog.at_level(logging.INFO):
        database.ping()

    assert probes(database) == 1
    assert not is_away(database)
    assert [record.getMessage() for record in caplog.records][-1] == "the database is back"
