"""Receipts: "have I seen this delivery?" for events, forms and API calls. Each key counts once, even in a race."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, select

from storage.database import Tx
from storage.records import Receipt
from storage.schema import receipts
from storage.upserts import insert_new

__all__ = ["Receipt", "get", "purge", "take"]

_t: Final = receipts.c
_TAKE: Final = insert_new(receipts, ["workspace", "key"])
_GET: Final = select(_t.key, _t.fingerprint, _t.handoff_id, _t.at).where(
    _t.workspace == bindparam("workspace"), _t.key == bindparam("key")
)
_PURGE: Final = receipts.delete().where(_t.at < bindparam("before"))


def take(
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


def purge(tx: Tx, before: datetime) -> int:
    """Remove receipts taken before an instant; return how many."""
    return tx.execute(_PURGE, {"before": before}).rowcount
