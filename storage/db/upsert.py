"""INSERT … ON CONFLICT statements for SQLite and PostgreSQL, built once at import."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlalchemy import Executable, Table, text
from sqlalchemy.dialects import postgresql, sqlite

Statements = Mapping[str, Executable]
"""A statement by dialect name."""


def upsert(
    table: Table,
    keys: Iterable[str],
    columns: Iterable[str],
    *,
    only_where: str | None = None,
    otherwise: Callable[[Any], Mapping[str, Any]] = lambda _new: {},
    inserts: Mapping[str, Any] | None = None,
) -> Statements:
    """Build an insert that updates `columns` where a row with the same `keys` exists.

    Args:
        table: the table to write to.
        keys: the columns of a unique constraint or index.
        columns: the columns that are updated with the new value.
        only_where: the literal predicate of a partial unique index. A bound value in it would fail on PostgreSQL
            once a connection has run the statement ten times, because its generic plan matches no partial index.
        otherwise: given the new row, returns further columns to update, each with its SQL expression.
        inserts: the insert statement by dialect; one row of parameters by default (see `storage.db.bulk` for many).
    """
    plain = inserts or {name: insert(table) for name, insert in _INSERTS}
    return {name: _upsert(insert, list(keys), list(columns), only_where, otherwise) for name, insert in plain.items()}


def insert_new(table: Table, keys: Iterable[str]) -> Statements:
    """Build an insert that does nothing where `keys` already exist; its rowcount tells whether it inserted."""
    return {
        name: insert(table).on_conflict_do_nothing(index_elements=list(keys)).execution_options(preserve_rowcount=True)
        for name, insert in _INSERTS
    }


_INSERTS: tuple[tuple[str, Callable[[Table], Any]], ...] = (
    ("sqlite", sqlite.insert),
    ("postgresql", postgresql.insert),
)


def _upsert(
    insert: Any,
    keys: list[str],
    columns: list[str],
    only_where: str | None,
    otherwise: Callable[[Any], Mapping[str, Any]],
) -> Executable:
    new = insert.excluded
    statement: Executable = insert.on_conflict_do_update(
        index_elements=keys,
        index_where=text(only_where) if only_where else None,
        set_={**{column: new[column] for column in columns}, **otherwise(new)},
    )
    return statement
