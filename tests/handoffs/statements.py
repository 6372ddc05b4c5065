"""Counts the SQL statements of a block."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from storage.db.database import Database

_FRAME = ("BEGIN", "COMMIT", "ROLLBACK", "SELECT SET_CONFIG(")


@contextmanager
def statements_of(database: Database) -> Iterator[list[str]]:
    """Collect the statements of the block, without those that begin and end transactions.

    To its beginning belong PostgreSQL's limits of waiting: they are sent where the connection had others before.

    Rows that SQLite is given one after the other by one prepared statement (`executemany`) are one statement; on
    PostgreSQL, where that would be a message per row, each row counts.
    """
    found: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, executemany: bool) -> None:
        if not statement.upper().startswith(_FRAME):
            found.extend([statement] * (len(parameters) if executemany and database.dialect == "postgresql" else 1))

    engines = {database._writers, database._readers}
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)
