"""Progress of work that goes through the audit once: how far each kind of it has come."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Column, Table, bindparam, select

from storage.db.database import Tx
from storage.db.metadata import ID, metadata
from storage.db.upsert import upsert

progress: Final = Table(
    "progress",
    metadata,
    Column("name", ID, primary_key=True),
    Column("position", BigInteger, nullable=False),
)
_GET: Final = select(progress.c.position).where(progress.c.name == bindparam("of_name"))
_PUT: Final = upsert(progress, ["name"], ["position"])


def get(tx: Tx, name: str) -> int:
    """Return how far the work of this name has come; 0 if it has not begun."""
    return int(tx.execute(_GET, {"of_name": name}).scalar() or 0)


def put(tx: Tx, name: str, position: int) -> None:
    """Store how far the work of this name has come."""
    tx.execute(_PUT[tx.dialect], {"name": name, "position": position})
