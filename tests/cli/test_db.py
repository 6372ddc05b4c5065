"""`baton db`: what creates, upgrades and measures the database, and which processes may run on a SQLite file."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from storage.db.sqlite_file import lock_to_run
from tests.cli import forked
from tests.databases import BOTH

Baton = Callable[..., CompletedProcess[str]]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "baton.db"


@pytest.fixture
def baton(file: Path) -> Baton:
    """Run a command on the file, or on another database."""

    def run(*arguments: str, **settings: str) -> CompletedProcess[str]:
        return forked.run(arguments, {"BATON_DATABASE_URL": f"sqlite:///{file}", **settings})

    return run


def test_an_upgrade_says_that_it_creates_the_file_and_afterwards_that_nothing_is_missing(
    file: Path, baton: Baton
) -> None:
    assert baton("db", "upgrade").stdout.startswith(f"Created the database {file}.\nThe database is up to date.")
    assert baton("db", "upgrade").stdout == "The database was up to date already.\n"


def test_nothing_but_an_upgrade_creates_the_file(file: Path, baton: Baton) -> None:
    for command in (("db", "size"), ("config", "export")):
        done = baton(*command)
        assert (done.returncode, done.stderr) == (1, f"There is no database at {file} yet. Run: baton db upgrade\n")
    assert list(file.parent.iterdir()) == []


def test_beside_a_running_baton_it_is_upgraded_only_if_there_is_nothing_to_do(file: Path, baton: Baton) -> None:
    baton("db", "upgrade")
    lock = lock_to_run(file)
    try:
        assert baton("db", "upgrade").stdout == "The database was up to date already.\n"
        assert baton("db", "size").returncode == 0
        with closing(sqlite3.connect(file)) as ledger:
            ledger.execute("DROP TABLE progress")
            ledger.execute("DROP TABLE message_archives")
            ledger.execute("UPDATE alembic_version SET version_num = '0004'")
            ledger.commit()

        done = baton("db", "upgrade")
        assert done.returncode == 1
        assert "is running on" in done.stderr
        assert "Stop it first." in done.stderr
    finally:
        lock.release()


def test_a_second_process_on_the_file_is_refused_with_a_sentence(file: Path, baton: Baton) -> None:
    baton("db", "upgrade")
    lock = lock_to_run(file)
    try:
        done = baton("run", SLACK_BOT_TOKEN="xoxb-x", SLACK_SIGNING_SECRET="x")
    finally:
        lock.release()

    assert done.returncode == 1
    assert done.stderr.startswith("Another Baton (process ")
    assert done.stderr.count("\n") == 1


def test_a_start_without_the_file_that_was_there_is_refused(file: Path, baton: Baton) -> None:
    baton("db", "upgrade")
    lock_to_run(file).release()
    file.unlink()

    done = baton("run", SLACK_BOT_TOKEN="xoxb-x", SLACK_SIGNING_SECRET="x")

    assert done.returncode == 1
    assert "which Baton used before, is missing." in done.stderr
    assert not file.exists()


@BOTH
def test_the_size_of_each_table_and_what_pruning_would_free_is_said(database_url: str, baton: Baton) -> None:
    done = baton("db", "size", "--json", BATON_DATABASE_URL=database_url, BATON_KEEP_DAYS="30")

    found = json.loads(done.stdout)
    assert found["total_bytes"] > 0
    assert (found["keep_days"], found["prunable_handoffs"], found["prunable_bytes"]) == (30, 0, 0)
    assert {"handoffs", "audit", "messages", "message_archives"} <= {table["name"] for table in found["tables"]}
    assert all(table["bytes"] > 0 for table in found["tables"])
    assert "of which" in baton("db", "size", BATON_DATABASE_URL=database_url).stdout
