"""Receipts make deliveries idempotent: an event, form or API call is stored under its key once, even in a race."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Column, Index, PrimaryKeyConstraint, Table, bindparam, select

from storage.db.columns import StorableText, UtcDateTime
from storage.db.database import Tx
from storage.db.metadata import ID, metadata
from storage.db.upsert import insert_new


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """A delivery that was processed: when, its `fingerprint`, and the handoff it created, if any."""

    key: str
    fingerprint: str
    handoff_id: str | None
    at: datetime


receipts: Final = Table(
    "receipts",
    metadata,
    Column("workspace", ID, nullable=False),
    Column("key", StorableText, nullable=False),
    Column("fingerprint", StorableText, nullable=False),
    Column("handoff_id", ID),
    Column("at", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("workspace", "key"),
    Index("ix_receipts_at", "at"),
)


_t: Final = receipts.c
_TAKE: Final = insert_new(receipts, ["workspace", "key"])
_GET: Final = select(_t.key, _t.fingerprint, _t.handoff_id, _t.at).where(
    _t.workspace == bindparam("workspace"), _t.key == bindparam("key")
)
_PURGE: Final = receipts.delete().where(_t.at < bindparam("before"))


def take_or_get(
    tx: Tx, workspace: str, key: str, now: datetime, *, fingerprint: str = "", handoff_id: str | None = None
) -> Receipt | None:
    """Store the receipt of a delivery and return None, or return the receipt already stored under this key.

    Of two concurrent deliveries the second waits until the first one's transaction ends.
    """
    row = {"workspace": workspace, "key": key, "fingerprint": fingerprint, "handoff_id": handoff_id, "at": now}
    if tx.execute(_TAKE[tx.dialect], row).rowcount:
        return None
    stored = tx.execute(_GET, {"workspace": workspace, "key": key}).mappings().one()
    return Receipt(**stored)


def get(tx: Tx, workspace: str, key: str) -> Receipt | None:
    """Return the receipt stored under this key, or None."""
    stored = tx.execute(_GET, {"workspace": workspace, "key": key}).mappings().first()
    return Receipt(**stored) if stored else None


def remove_before(tx: Tx, before: datetime) -> int:
    """Delete receipts stored before an instant; return how many."""
    return tx.execute(_PURGE, {"before": before}).rowcount
