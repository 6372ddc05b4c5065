"""Queues as stored: the teams that receive handoffs, with the time of their next morning digest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Executable, bindparam, func, select, text

from storage.company.model import Claimers, Queue
from storage.company.tables import queues
from storage.db.database import Tx
from storage.db.upsert import upsert

QUEUE_COLUMNS: Final = tuple(field.name for field in fields(Queue))
"""The columns of the `Queue` record."""
_LISTS: Final = ("members", "managers", "templates", "senders")
_KEY: Final = ("workspace", "key")
_t: Final = queues.c
_here: Final = _t.workspace == bindparam("in_workspace")
_this: Final = (_here, _t.key == bindparam("of_key"))
_all: Final = select(*(queues.c[name] for name in QUEUE_COLUMNS)).where(_here).order_by(_t.folded, _t.key)

_ALL: Final = _all
_GET: Final = _all.where(_t.key == bindparam("of_key"))
_HOLD: Final = _GET.with_for_update(read=True, key_share=True)
_SOME: Final = _all.where(_t.key.in_(bindparam("keys", expanding=True)))
_CLOSE: Final = _all.where(_t.key.in_(bindparam("keys", expanding=True))).with_for_update()
_BY_CHANNEL: Final = _all.where(_t.channel == bindparam("in_channel"))
_SEARCH: Final = _all.where(_t.folded.like(bindparam("pattern"), escape="\\")).limit(bindparam("limit"))
_PUT: Final = upsert(queues, _KEY, [*(name for name in QUEUE_COLUMNS if name not in _KEY), "folded"])
_REMOVE: Final = queues.delete().where(*_this)
_TROUBLE: Final = queues.update().where(*_this).values(trouble=bindparam("why"))
_RENAME: Final = (
    queues.update().where(_here, _t.channel == bindparam("old_id")).values(channel=bindparam("new_id"), trouble=None)
)
_mornings: Final = select(*(queues.c[name] for name in QUEUE_COLUMNS), _t.digest_at)
_OPENING: Final = (
    _mornings.where(text("digest_at IS NOT NULL"), _t.digest_at <= bindparam("now", type_=_t.digest_at.type))
    .order_by(_t.digest_at, _t.workspace, _t.key)
    .limit(1)
    .with_for_update(key_share=True, skip_locked=True)
)
_MORNINGS: Final = _mornings.where(_here).order_by(_t.key)
_NEXT_MORNING: Final = select(func.min(_t.digest_at)).where(text("digest_at IS NOT NULL"))
_SET_MORNING: Final = queues.update().where(*_this).values(digest_at=bindparam("at", type_=_t.digest_at.type))
_LAST_DIGEST: Final = select(_t.last_digest).where(*_this)
_SET_LAST_DIGEST: Final = queues.update().where(*_this).values(last_digest=bindparam("message"))


def list_all(tx: Tx, workspace: str) -> list[Queue]:
    """Return every queue of a workspace, by name."""
    return _many(tx, _ALL, in_workspace=workspace)


def get(tx: Tx, workspace: str, key: str) -> Queue | None:
    """Return a queue by key, or None."""
    row = tx.execute(_GET, {"in_workspace": workspace, "of_key": key}).mappings().first()
    return None if row is None else read_queue(row)


def get_many(tx: Tx, workspace: str, keys: Iterable[str]) -> dict[str, Queue]:
    """Return several queues, by key. Unknown keys are left out."""
    return {queue.key: queue for queue in _many(tx, _SOME, in_workspace=workspace, keys=sorted(set(keys)))}


def get_locked(tx: Tx, workspace: str, key: str) -> Queue | None:
    """Return a queue that a handoff is about to enter, locked against removal until the transaction ends.

    If another transaction removes it at this moment, this one waits for it and returns None.
    """
    row = tx.execute(_HOLD, {"in_workspace": workspace, "of_key": key}).mappings().first()
    return None if row is None else read_queue(row)


def lock_for_removal(tx: Tx, workspace: str, keys: Iterable[str]) -> None:
    """Lock these queues against new handoffs until the transaction ends.

    Waits for transactions that are adding some, so that what is counted afterwards stays true.
    """
    tx.execute(_CLOSE, {"in_workspace": workspace, "keys": sorted(keys)}).all()


def list_by_channel(tx: Tx, workspace: str, channel: str) -> list[Queue]:
    """Return the queues whose cards are posted in a channel."""
    return _many(tx, _BY_CHANNEL, in_workspace=workspace, in_channel=channel)


def search(tx: Tx, workspace: str, text: str, limit: int) -> list[Queue]:
    """Return up to `limit` queues whose name or key contains the text, by name; case is ignored in every script."""
    wanted = _folded(text.strip()).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return _many(tx, _SEARCH, in_workspace=workspace, pattern=f"%{wanted}%", limit=limit)


def put(tx: Tx, queue: Queue) -> None:
    """Insert or update a queue."""
    row: dict[str, Any] = {name: getattr(queue, name) for name in QUEUE_COLUMNS}
    row |= {name: list(row[name]) for name in _LISTS}
    tx.execute(_PUT[tx.dialect], {**row, "folded": f"{_folded(queue.name)}\n{_folded(queue.key)}"})


def remove(tx: Tx, workspace: str, key: str) -> None:
    """Delete a queue. Handoffs in it keep its key."""
    tx.execute(_REMOVE, {"in_workspace": workspace, "of_key": key})


def set_trouble(tx: Tx, workspace: str, key: str, trouble: str | None) -> None:
    """Set Slack's error code for a queue whose channel cannot be posted to; None clears it."""
    tx.execute(_TROUBLE, {"in_workspace": workspace, "of_key": key, "why": trouble})


def replace_channel(tx: Tx, workspace: str, old_id: str, new_id: str) -> bool:
    """Replace a channel id in all queues and return whether any had it.

    Slack gives a channel a new id when it becomes shared, for example.
    """
    return tx.execute(_RENAME, {"in_workspace": workspace, "old_id": old_id, "new_id": new_id}).rowcount > 0


def get_next_opening_locked(tx: Tx, now: datetime) -> tuple[Queue, datetime] | None:
    """Return a queue whose next digest is due, locked, with the time it was due; None if no digest is due.

    On PostgreSQL queues that another transaction has locked are skipped.
    """
    return next(_with_mornings(tx, _OPENING, now=now), None)


def list_with_next_morning(tx: Tx, workspace: str) -> list[tuple[Queue, datetime | None]]:
    """Return every queue of a workspace with the time of its next digest, or None if it has none."""
    return list(_with_mornings(tx, _MORNINGS, in_workspace=workspace))


def next_morning_at(tx: Tx) -> datetime | None:
    """Return the time of the earliest digest of all queues, possibly in the past; None if there is none."""
    return tx.execute(_NEXT_MORNING).scalar_one_or_none()


def set_next_morning(tx: Tx, workspace: str, key: str, at: datetime | None) -> None:
    """Set the time of a queue's next digest; None for never."""
    tx.execute(_SET_MORNING, {"in_workspace": workspace, "of_key": key, "at": at})


def get_last_digest(tx: Tx, workspace: str, key: str) -> str | None:
    """Return the key of a queue's newest digest message; None if it never had one."""
    return tx.execute(_LAST_DIGEST, {"in_workspace": workspace, "of_key": key}).scalar_one_or_none()


def set_last_digest(tx: Tx, workspace: str, key: str, message: str) -> None:
    """Set the key of a queue's newest digest message."""
    tx.execute(_SET_LAST_DIGEST, {"in_workspace": workspace, "of_key": key, "message": message})


def _with_mornings(tx: Tx, statement: Executable, **parameters: Any) -> Iterator[tuple[Queue, Any]]:
    for row in tx.execute(statement, parameters).mappings():
        yield read_queue({name: row[name] for name in QUEUE_COLUMNS}), row["digest_at"]


def _folded(text: str) -> str:
    return text.casefold()


def _many(tx: Tx, statement: Executable, **parameters: Any) -> list[Queue]:
    return [read_queue(row) for row in tx.execute(statement, parameters).mappings()]


def read_queue(row: Mapping[Any, Any]) -> Queue:
    """Return a queue from a row's columns, by name."""
    lists = {name: tuple(row[name] or ()) for name in _LISTS}
    return Queue(**{**row, **lists, "claimers": Claimers(row["claimers"])})
