"""Insert, or update what is there: the same statement for both databases, built once at import."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlalchemy import Executable, Table, text
from sqlalchemy.dialects import postgresql, sqlite

Statements = Mapping[str, Executable]
"""One statement per name of a database."""


def upsert(
    table: Table,
    keys: Iterable[str],
    columns: Iterable[str],
    *,
    only_where: str | None = None,
    otherwise: Callable[[Any], Mapping[str, Any]] = lambda _new: {},
    inserts: Mapping[str, Any] | None = None,
) -> Statements:
    """Build an insert that, where `keys` exist already, writes `columns` over them instead.

    Args:
        table: where to.
        keys: the columns of a unique constraint or index.
        columns: what takes the new value.
        only_where: the literal predicate of a partial unique index. A bound value in it would fail on PostgreSQL
            once a connection has run the statement ten times, because its generic plan matches no partial index.
        otherwise: given the new row, says which further columns take which expression.
        inserts: what to insert, by database; one row of parameters by default (see `storage.db.bulk` for many).
    """
    plain = inserts or {name: insert(table) for name, insert in _INSERTS}
    return {name: _upsert(insert, list(keys), list(columns), only_where, otherwise) for name, insert in plain.items()}


def insert_new(table: Table, keys: Iterable[str]) -> Statements:
    """Build an insert that does nothing where `keys` exist already; its rowcount tells which it was."""
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
