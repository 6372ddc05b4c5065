"""Bring a database to the schema that this version of Baton needs, and back.

Each call is one transaction under a lock: two processes that start at once upgrade once, and a migration that fails
leaves nothing behind.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.script.revision import RevisionError
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from storage.engines import parsed, place, postgresql_engine, sqlite_engine
from storage.failures import Unavailable, in_our_words

_LOCK: Final = text("SELECT pg_advisory_xact_lock(hashtextextended('baton.upgrade', 0))")


def upgrade(url: str) -> list[str]:
    """Apply every migration that is missing; return their names, oldest first. Raises `Unavailable` or `Busy`.

    A database that a newer version has upgraded is refused as unavailable, in a sentence.
    """
    with _alone(url) as connection:
        missing = _missing(connection)
        if missing:
            command.upgrade(_config(connection), "head")
        return missing


def pending(url: str) -> list[str]:
    """The migrations that are missing, oldest first."""
    with _alone(url) as connection:
        return _missing(connection)


def downgrade(url: str, to: str) -> None:
    """Go back to a migration, or to an empty database with `base`. What only newer versions know is lost."""
    with _alone(url) as connection:
        command.downgrade(_config(connection), to)


def _missing(connection: Connection) -> list[str]:
    script = ScriptDirectory.from_config(_config(connection))
    applied = MigrationContext.configure(connection).get_current_revision() or "base"
    try:
        steps = list(script.iterate_revisions("head", applied))
    except RevisionError:
        raise Unavailable(
            f"The database was upgraded by a newer version of Baton (migration {applied})."
            " Run that version or a later one."
        ) from None
    return [step.revision for step in reversed(steps)]


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


@contextmanager
def _alone(url: str) -> Iterator[Connection]:
    parts = parsed(url)
    if parts.get_backend_name() == "sqlite":
        engine = sqlite_engine(parts, pool_size=1, read_only=False)
    else:
        engine = postgresql_engine(parts, pool_size=1)
    try:
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(_LOCK)
            yield connection
    except DBAPIError as error:
        raise in_our_words(error, place(parts)) from error
    finally:
        engine.dispose()
