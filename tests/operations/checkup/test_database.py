"""`baton check` on the database: each fault with the remedy that fits."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.sql import SQL, Identifier
from sqlalchemy import make_url

from storage.company import workspaces
from storage.company.model import Workspace
from storage.db.database import Database
from tests import slack_client
from tests.databases import POSTGRESQL
from tests.operations.checkup.examples import TEAM, Examine, wrong


def test_a_wrong_bot_token_is_said_once_and_the_database_is_looked_at_all_the_same(check: Examine) -> None:
    findings = check(bot_token="xoxb-wrong")

    assert wrong(findings) == ["The bot token (SLACK_BOT_TOKEN): Slack doesn't know this token."]
    assert any("up to date" in finding.what for finding in findings)


def test_a_database_that_is_not_there_is_said_and_not_made(check: Examine, tmp_path: Path) -> None:
    file = tmp_path / "baton.db"

    found = check(database_url=f"sqlite:///{file}")

    assert wrong(found) == []
    assert f"There is no database at {file} yet. The first `baton run` creates it." in [
        finding.what for finding in found
    ]
    assert not file.exists()


def test_a_database_that_is_not_there_and_no_file_leave_nobody_to_hand_work_to(check: Examine, tmp_path: Path) -> None:
    assert wrong(check(database_url=f"sqlite:///{tmp_path}/baton.db", named=None)) == ["There are no queues yet."]


@pytest.mark.parametrize("scheme", ["sqlite:///", "sqlite+pysqlite:///"])
@pytest.mark.parametrize(
    ("place", "words"),
    [("nowhere/baton.db", "The database's folder {folder}/nowhere does not exist."), ("", "which is a folder.")],
)
def test_a_place_where_no_database_can_be_is_said_and_not_made(
    check: Examine, tmp_path: Path, scheme: str, place: str, words: str
) -> None:
    (what,) = wrong(check(database_url=f"{scheme}{tmp_path}/{place}"))

    assert words.format(folder=tmp_path) in what
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_database_is_said(check: Examine, tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("This is not a database. " * 100)

    (what,) = wrong(check(database_url=f"sqlite:///{file}"))

    assert what.startswith("The database could not be checked:")


def test_a_database_server_that_is_away_is_said_without_its_password(check: Examine) -> None:
    (what,) = wrong(check(database_url="postgresql+psycopg://baton:hunter2@127.0.0.1:9/baton"))

    assert what.startswith("The database could not be checked:")
    assert "hunter2" not in what


@pytest.mark.parametrize("url", ["postgresql://x/y", "mysql://x/y", "nonsense"])
def test_an_address_that_is_none_is_said(check: Examine, url: str) -> None:
    (what,) = wrong(check(database_url=url))

    assert what.startswith("BATON_DATABASE_URL cannot be used:")


def test_missing_migrations_are_said(check: Examine, empty_database_url: str) -> None:
    file = Path(empty_database_url.removeprefix("sqlite:///"))
    file.touch()

    (what,) = wrong(check(database_url=empty_database_url))

    assert "migrations" in what


@pytest.mark.parametrize(
    ("in_force", "at_start", "words"),
    [
        ("here", None, "is in force."),
        ("other", "here", "another file was applied later, or something was changed in Slack"),
        (None, "here", "another file was applied later, or something was changed in Slack"),
        ("older", "older", "the next start applies it."),
        ("other", "older", "the next start applies it and replaces the one"),
    ],
)
def test_it_is_said_whether_the_file_is_in_force(
    check: Examine, database: Database, in_force: str | None, at_start: str | None, words: str
) -> None:
    with database.transaction() as tx:
        workspaces.put(tx, Workspace(id=TEAM, name="Northwind", bot_user="U0BATON"))
        workspaces.set_config(tx, TEAM, in_force, [])
        if at_start:
            workspaces.set_start_file(tx, TEAM, at_start, "company.yml")

    (said,) = [finding.what for finding in check(digest="here") if finding.what.startswith("The configuration file")]
    assert words in said


@POSTGRESQL
def test_a_database_that_can_only_be_read_is_said(check: Examine, database: Database, database_url: str) -> None:
    name = str(make_url(database_url).database)
    with psycopg.connect(database_url.replace("+psycopg", ""), autocommit=True) as owner:
        owner.execute(SQL("ALTER DATABASE {} SET default_transaction_read_only = on").format(Identifier(name)))
        try:
            found = [finding for finding in check() if not finding.ok]
        finally:
            owner.execute("SET default_transaction_read_only = off")
            owner.execute(SQL("ALTER DATABASE {} RESET default_transaction_read_only").format(Identifier(name)))

    (said,) = found
    assert "read-only transaction" in said.what
    assert said.remedy.startswith("Name a server that can be written")


def test_a_remedy_fits_the_fault(check: Examine, empty_database_url: str, slack: slack_client.Workspace) -> None:
    def remedy(**given: Any) -> str:
        (one,) = (finding.remedy for finding in check(**given) if not finding.ok)
        return one

    file = Path(empty_database_url.removeprefix("sqlite:///"))
    with closing(sqlite3.connect(file)) as made, made:
        made.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        made.execute("INSERT INTO alembic_version VALUES ('9999')")
    assert remedy(database_url=empty_database_url).startswith("Run that version or a later one")
    away = remedy(database_url="postgresql+psycopg://baton:x@127.0.0.1:9/baton")
    assert away == "Start the database server, or correct host and port in BATON_DATABASE_URL."
    file.write_text("This is not a database. " * 100)
    assert remedy(database_url=empty_database_url).startswith("The file is no SQLite database")
    slack.fault("auth.test", {"error": "fatal_error"})
    assert remedy().startswith("Wait a minute")
    slack.fault("auth.test", {"error": "team_access_not_granted"})
    assert remedy() == "Ask an admin of the Slack workspace."
