"""Receipts: "have I seen this delivery?" for events, forms and API calls. Each key counts once, even in a race."""

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
    """Proof that a delivery was taken before: what it was (`fingerprint`) and which handoff came of it."""

    key: str
    fingerprint: str
    handoff_id: str | None
    at: datetime


# Receipts

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
    """Store the receipt of a delivery and return None, or return the receipt that is stored under this key already.

    Of two that come at once the second waits for the first's transaction to end.
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
    """Remove receipts taken before an instant; return how many."""
    return tx.execute(_PURGE, {"before": before}).rowcount
