"""The handoffs that a message about several of them lists, so that a change of one redraws the message."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, Final

from sqlalchemy import bindparam, select

from storage.db.database import Tx
from storage.db.upsert import insert_new
from storage.outbox.tables import message_parts

_t: Final = message_parts.c
_ids: Final[Any] = bindparam("ids", expanding=True)
_ADD: Final = insert_new(message_parts, ["workspace", "key", "handoff_id"])
_LIST: Final = select(_t.handoff_id, _t.key).where(_t.handoff_id.in_(_ids))
_REMOVE: Final = message_parts.delete().where(_t.handoff_id.in_(_ids))


def add(tx: Tx, workspace: str, keys: Iterable[str], handoff_id: str) -> None:
    """Store that the messages with these keys list the handoff."""
    for key in keys:
        tx.execute(_ADD[tx.dialect], {"workspace": workspace, "key": key, "handoff_id": handoff_id})


def add_many(tx: Tx, workspace: str, key: str, handoff_ids: Collection[str]) -> None:
    """Store that a message lists these handoffs."""
    rows = [{"workspace": workspace, "key": key, "handoff_id": handoff_id} for handoff_id in sorted(set(handoff_ids))]
    if rows:
        tx.execute(_ADD[tx.dialect], rows)


def keys_by_handoff(tx: Tx, handoff_ids: Collection[str]) -> list[tuple[str, str]]:
    """Return the messages that list these handoffs, as (handoff id, key)."""
    return [(row.handoff_id, row.key) for row in tx.execute(_LIST, {"ids": sorted(handoff_ids)})]


def remove(tx: Tx, handoff_ids: Collection[str]) -> None:
    """Forget which messages list these handoffs: no change of them redraws one any more."""
    tx.execute(_REMOVE, {"ids": sorted(handoff_ids)})
