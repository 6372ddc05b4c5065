"""Apply or undo schema migrations with Alembic.

Each call is one transaction under a lock: of two processes that start at once only one upgrades, and a failed migration
leaves nothing behind.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.script.revision import RevisionError
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError

from storage.db.engines import parse_url, postgresql_engine, redacted_url, sqlite_engine
from storage.db.errors import DatabaseUnavailable, translate
from storage.db.sqlite_file import create, path_of

_TOO_OLD: Final = frozenset({"0001", "0002", "0003"})
"""Revisions of pre-releases. The first migration of today includes them."""
_CREATED: Final = re.compile(r'op\.create_table\(\s*"(\w+)"')
"""The names of tables in a migration's text."""
_LOCK: Final = text("SELECT pg_advisory_xact_lock(hashtextextended('baton.upgrade', 0))")


def upgrade(url: str) -> list[str]:
    """Apply every missing migration; return their names, oldest first. A SQLite file that does not exist is created.

    Raises:
        DatabaseUnavailable: the database cannot be reached, was upgraded by a newer version, or comes from a
            pre-release that this version cannot upgrade; the message says which.
        DatabaseBusy: another process holds the database for longer than the lock is waited for.
        ValueError: the URL cannot be used.
    """
    path = path_of(parse_url(url))
    if path is not None:
        create(path)
    with _locked_connection(url) as connection:
        missing = _missing(connection)
        if missing:
            command.upgrade(_config(connection), "head")
        return missing


def pending(url: str) -> list[str]:
    """Return the names of the missing migrations, oldest first.

    Raises:
        DatabaseUnavailable: as for `upgrade`.
        DatabaseBusy: as for `upgrade`.
        ValueError: as for `upgrade`.
    """
    path = path_of(parse_url(url))
    if path is not None and not path.exists():
        return _steps(ScriptDirectory.from_config(_config()), "base")
    with _locked_connection(url) as connection:
        return _missing(connection)


def downgrade(url: str, to: str) -> None:
    """Undo migrations down to revision `to`, or all with `base`. Data that only the newer schema holds is lost.

    Raises:
        DatabaseUnavailable: as for `upgrade`.
        DatabaseBusy: as for `upgrade`.
    """
    with _locked_connection(url) as connection:
        command.downgrade(_config(connection), to)


def _missing(connection: Connection) -> list[str]:
    script = ScriptDirectory.from_config(_config(connection))
    applied = MigrationContext.configure(connection).get_current_revision() or "base"
    if applied == "base":
        _refuse_tables_of_others(connection, script)
    if applied in _TOO_OLD:
        raise DatabaseUnavailable(
            f"The database comes from an early pre-release of Baton (migration {applied}), which this version cannot"
            " upgrade.",
            remedy="Run `baton db upgrade` with commit 62c8f66 first, then with this version.",
        )
    try:
        return _steps(script, applied)
    except RevisionError:
        raise DatabaseUnavailable(
            f"The database was upgraded by a newer version of Baton (migration {applied}).",
            remedy="Run that version or a later one, or restore the backup made before the upgrade.",
        ) from None


def _steps(script: ScriptDirectory, applied: str) -> list[str]:
    return [step.revision for step in reversed(list(script.iterate_revisions("head", applied)))]


def _refuse_tables_of_others(connection: Connection, script: ScriptDirectory) -> None:
    """Refuse a database in which somebody else has made tables with the names of ours."""
    (base,) = script.get_bases()
    ours = set(_CREATED.findall(Path(script.get_revision(base).path).read_text(encoding="utf-8")))
    taken = sorted(ours.intersection(inspect(connection).get_table_names()))
    if taken:
        raise DatabaseUnavailable(
            f"The database holds tables that Baton did not make: {', '.join(taken)}.",
            remedy="Give Baton a database of its own, and name it in BATON_DATABASE_URL.",
        )


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parents[1] / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


@contextmanager
def _locked_connection(url: str) -> Iterator[Connection]:
    parts = parse_url(url)
    path = path_of(parts)
    if path is not None:
        engine = sqlite_engine(parts, path, pool_size=1, read_only=False)
    else:
        engine = postgresql_engine(parts, pool_size=1)
    try:
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(_LOCK)
            yield connection
    except DBAPIError as error:
        raise translate(error, redacted_url(parts)) from error
    finally:
        engine.dispose()
