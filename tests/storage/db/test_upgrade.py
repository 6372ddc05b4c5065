"""Migrations build exactly the schema, up and down, on both databases."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, text

from storage.db.database import Database
from storage.db.errors import DatabaseUnavailable
from storage.db.metadata import metadata
from storage.db.upgrade import downgrade, pending, upgrade
from storage.handoffs import handoffs
from tests.builders import TEAM, a_handoff
from tests.older_databases import restore
from tests.storage.examples import at_once, stored

LATER = [
    "0005",
    "0006",
    "0007",
    "0008",
    "0009",
    "0010",
    "0011_slack_admins",
    "0012_sources",
    "0013_search_places",
    "0014_personal",
]
"""The migrations after the first, which makes every table."""
ALL = ["0004", *LATER]
_SQLITE = ["SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' AND name <> 'alembic_version'"]
_POSTGRESQL = [
    """SELECT table_name, column_name, data_type, character_maximum_length, is_nullable, column_default
       FROM information_schema.columns WHERE table_schema = 'public'""",
    """SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
       WHERE connamespace = 'public'::regnamespace AND contype <> 'n'""",
    "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    "SELECT proname, prokind::text, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
]


def shape(connection: Connection) -> set[tuple[Any, ...]]:
    """Everything that the database says about its tables, without the order in which it was made."""
    queries = _SQLITE if connection.dialect.name == "sqlite" else _POSTGRESQL
    rows = {tuple(row) for query in queries for row in connection.execute(text(query))}
    return {tuple(_plain(value) for value in row) for row in rows if "alembic_version" not in str(row)}


def _plain(value: Any) -> Any:
    """A table's SQL as the sorted list of its parts: Alembic writes constraints in another order.

    SQLite adds a column behind the last part, on the same line. Rules of one column have no order of their own.
    """
    if not isinstance(value, str):
        return value
    text = " ".join(value.split())
    if not text.startswith("CREATE TABLE"):
        return text
    parts = _parts(text[text.index("(") + 1 : text.rindex(")")])
    return tuple(sorted(" CONSTRAINT ".join(sorted(part.split(" CONSTRAINT "))) for part in parts))


def _parts(definition: str) -> Iterator[str]:
    """Cut at the commas that stand outside of all brackets."""
    part, depth = "", 0
    for letter in definition:
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if letter == "," and depth == 0:
            yield part.strip()
            part = ""
        else:
            part += letter
    yield part.strip()


def shape_of(url: str) -> set[tuple[Any, ...]]:
    engine = create_engine(url)
    with engine.begin() as connection:
        found = shape(connection)
    engine.dispose()
    return found


def test_the_migrations_build_the_schema(database_url: str, empty_database_url: str) -> None:
    engine = create_engine(empty_database_url)
    metadata.create_all(engine)
    engine.dispose()

    assert shape_of(database_url) == shape_of(empty_database_url)
    assert len(shape_of(database_url)) > 20


def test_an_older_database_has_the_same_schema_once_it_is_upgraded(database_url: str, empty_database_url: str) -> None:
    restore(empty_database_url)
    assert upgrade(empty_database_url) == LATER

    assert bare(shape_of(empty_database_url)) == bare(shape_of(database_url))


def bare(found: set[tuple[Any, ...]]) -> set[str]:
    """A shape without types and brackets in expressions: a restored PostgreSQL writes them in another way."""
    return {re.sub(r"::(text|character varying)|[()\[\]]", "", str(row)) for row in found}


def test_up_down_and_up_again(empty_database_url: str) -> None:
    assert pending(empty_database_url) == ALL
    assert upgrade(empty_database_url) == ALL
    full = shape_of(empty_database_url)
    assert pending(empty_database_url) == []
    assert upgrade(empty_database_url) == []

    downgrade(empty_database_url, "base")
    assert shape_of(empty_database_url) == set()
    assert pending(empty_database_url) == ALL

    upgrade(empty_database_url)
    assert shape_of(empty_database_url) == full


def test_an_upgrade_keeps_what_is_stored(database_url: str, database: Database) -> None:
    stored(database, a_handoff())

    upgrade(database_url)

    with database.reading() as tx:
        assert handoffs.get(tx, TEAM, "h1") == a_handoff()


def test_processes_that_start_at_once_upgrade_once(empty_database_url: str) -> None:
    applied = at_once(4, lambda _: upgrade(empty_database_url))

    assert sorted(applied) == [[], [], [], ALL]


def test_a_database_that_is_away_is_named_in_plain_words() -> None:
    with pytest.raises(DatabaseUnavailable, match="cannot be reached"):
        upgrade("postgresql+psycopg://baton@127.0.0.1:1/baton")


@pytest.mark.parametrize("applied", ["0001", "0002", "0003"])
def test_a_database_of_an_early_pre_release_is_refused_with_what_to_do_first(
    empty_database_url: str, applied: str
) -> None:
    upgrade(empty_database_url)
    say_applied(empty_database_url, applied)

    for asked in (upgrade, pending):
        with pytest.raises(DatabaseUnavailable, match=f"migration {applied}.*baton db upgrade.*62c8f66 first"):
            asked(empty_database_url)


def say_applied(url: str, migration: str) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :to"), {"to": migration})
    engine.dispose()


def test_a_database_that_a_newer_version_has_upgraded_is_refused_in_plain_words(empty_database_url: str) -> None:
    upgrade(empty_database_url)
    say_applied(empty_database_url, "9999")

    with pytest.raises(DatabaseUnavailable, match="newer version of Baton"):
        upgrade(empty_database_url)
    with pytest.raises(DatabaseUnavailable, match="newer version of Baton"):
        pending(empty_database_url)


def test_a_database_with_tables_of_somebody_else_is_refused_and_left_alone(empty_database_url: str) -> None:
    engine = create_engine(empty_database_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE workspaces (theirs INTEGER)"))
    engine.dispose()
    before = shape_of(empty_database_url)

    for work in (upgrade, pending):
        with pytest.raises(DatabaseUnavailable, match="tables that Baton did not make: workspaces") as refused:
            work(empty_database_url)
        assert refused.value.remedy.startswith("Give Baton a database of its own")
    assert shape_of(empty_database_url) == before
