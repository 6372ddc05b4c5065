"""The people who watch a handoff, as stored. Nobody but them is shown who they are."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, select

from storage.db.database import Tx
from storage.db.upsert import insert_new
from storage.handoffs.tables import watchers

_t: Final = watchers.c
_of: Final = _t.handoff_id == bindparam("of_handoff")
_ADD: Final = insert_new(watchers, ["handoff_id", "watcher"])
_REMOVE: Final = watchers.delete().where(_of, _t.watcher == bindparam("of_user"))
_ERASE: Final = watchers.delete().where(_of)
_IS: Final = select(_t.watcher).where(_of, _t.watcher == bindparam("of_user"))
_LIST: Final = select(_t.watcher).where(_of).order_by(_t.at, _t.watcher)


def add(tx: Tx, workspace: str, handoff_id: str, user: str, at: datetime) -> None:
    """Let a person watch a handoff; nothing changes if they do already."""
    tx.execute(_ADD[tx.dialect], {"workspace": workspace, "handoff_id": handoff_id, "watcher": user, "at": at})


def remove(tx: Tx, handoff_id: str, user: str) -> None:
    """Let a person no longer watch a handoff."""
    tx.execute(_REMOVE, {"of_handoff": handoff_id, "of_user": user})


def erase_for_handoff(tx: Tx, handoff_id: str) -> None:
    """Forget who watched a handoff."""
    tx.execute(_ERASE, {"of_handoff": handoff_id})


def is_watching(tx: Tx, handoff_id: str, user: str) -> bool:
    """Return whether a person watches a handoff."""
    return tx.execute(_IS, {"of_handoff": handoff_id, "of_user": user}).first() is not None


def list_for_handoff(tx: Tx, handoff_id: str) -> list[str]:
    """Return the people who watch a handoff, in the order in which they began."""
    return list(tx.execute(_LIST, {"of_handoff": handoff_id}).scalars())
