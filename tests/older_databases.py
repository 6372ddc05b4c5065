"""Dumps of databases that older versions wrote, and how they are restored.

`fixtures/ledger_0004_*.sql` hold one and the same story, written by use cases of the version whose last migration was
0004: every kind of handoff twice, the first of each some days before the second. `ledger_0004_company.yml` is the
configuration file that was applied.
"""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import psycopg
from sqlalchemy import make_url

FIXTURES: Final = Path(__file__).parent / "fixtures"
TEAM: Final = "T0LOCAL"
WRITTEN_AT: Final = datetime(2026, 11, 18, 10, 25, tzinfo=UTC)
"""Just after the last change in the dumps."""


def restore(url: str) -> None:
    """Fill an empty database with the dump for its kind."""
    parts = make_url(url)
    dump = (FIXTURES / f"ledger_0004_{parts.get_backend_name()}.sql").read_text(encoding="utf-8")
    if parts.get_backend_name() == "sqlite":
        connection = sqlite3.connect(str(parts.database))
        connection.executescript(dump)
        connection.close()
        return
    with psycopg.connect(host=str(parts.query["host"]), user=parts.username, dbname=parts.database) as opened:
        opened.execute(dump.encode())
