"""How much each table takes, and how much of that pruning finished handoffs would free."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Table, bindparam, func, select, text

from storage.clocks.tables import notices, timers
from storage.db.database import Tx
from storage.db.metadata import metadata
from storage.handoffs.lifecycle import FINAL
from storage.handoffs.tables import handoffs
from storage.outbox.tables import messages

_ARCHIVED: Final = 400
"""Bytes that a pruned handoff takes in the archive, roughly."""
_PRUNED: Final = (timers, notices, messages)
_SQLITE_BYTES: Final = text(
    "SELECT m.tbl_name AS name, sum(s.pgsize) AS bytes FROM dbstat s JOIN sqlite_master m ON m.name = s.name"
    " GROUP BY m.tbl_name"
)
_POSTGRESQL_BYTES: Final = text(
    "SELECT relname AS name, pg_total_relation_size(oid) AS bytes FROM pg_class"
    " WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace"
)
_POSTGRESQL_TOTAL: Final = text("SELECT pg_database_size(current_database())")


@dataclass(frozen=True, kw_only=True)
class TableSize:
    """A table with its indexes. `size` is in bytes; None where this SQLite cannot tell."""

    name: str
    rows: int
    size: int | None


@dataclass(frozen=True, kw_only=True)
class Growth:
    """What the database takes, in bytes."""

    tables: tuple[TableSize, ...]
    """The largest first."""
    total: int
    unused: int
    """Free room inside a SQLite file, which is used before the file grows."""
    prunable_handoffs: int
    prunable: int
    """An estimate, by the share of the rows."""


def measure(tx: Tx, ended_before: datetime) -> Growth:
    """Measure every table, and what pruning the handoffs that ended before an instant would free. Reads all rows."""
    sizes = _sizes(tx)
    tables = [
        TableSize(name=name, rows=_count(tx, name), size=sizes.get(name, 0) if sizes else None)
        for name in metadata.tables
    ]
    by_name = {table.name: table for table in tables}
    ended: set[str] = set()
    freed = 0.0
    for table in _PRUNED:
        found = _ended_rows(tx, table, ended_before)
        ended |= found.keys()
        whole = by_name[table.name]
        freed += (whole.size or 0) * sum(found.values()) / max(whole.rows, 1)
    total, unused = _totals(tx)
    return Growth(
        tables=tuple(sorted(tables, key=lambda table: (-(table.size or 0), -table.rows, table.name))),
        total=total,
        unused=unused,
        prunable_handoffs=len(ended),
        prunable=max(0, round(freed) - _ARCHIVED * len(ended)),
    )


def _sizes(tx: Tx) -> dict[str, int]:
    """Return each table's bytes; nothing where this SQLite was built without the table that knows them."""
    if tx.dialect == "postgresql":
        return {row.name: int(row.bytes) for row in tx.execute(_POSTGRESQL_BYTES)}
    if "ENABLE_DBSTAT_VTAB" not in tx.execute(text("PRAGMA compile_options")).scalars().all():
        return {}
    return {row.name: int(row.bytes) for row in tx.execute(_SQLITE_BYTES)}


def _totals(tx: Tx) -> tuple[int, int]:
    if tx.dialect == "postgresql":
        return int(tx.execute(_POSTGRESQL_TOTAL).scalar_one()), 0
    size, pages, free = (
        int(tx.execute(text(f"PRAGMA {what}")).scalar_one()) for what in ("page_size", "page_count", "freelist_count")
    )
    return size * pages, size * free


def _count(tx: Tx, name: str) -> int:
    return int(tx.execute(select(func.count()).select_from(metadata.tables[name])).scalar_one())


def _ended_rows(tx: Tx, rows: Table, ended_before: datetime) -> dict[str, int]:
    """Return how many rows each handoff that ended before an instant has in a table."""
    statement = (
        select(rows.c.handoff_id, func.count().label("rows"))
        .join(handoffs, handoffs.c.id == rows.c.handoff_id)
        .where(
            handoffs.c.state.in_([state.value for state in FINAL]),
            handoffs.c.state_since < bindparam("before", type_=handoffs.c.state_since.type),
        )
        .group_by(rows.c.handoff_id)
    )
    return {row.handoff_id: row.rows for row in tx.execute(statement, {"before": ended_before})}
