"""Messages that Slack has from us: where each is and what it shows. The key is its identity."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Final

from sqlalchemy import Executable, bindparam, select

from storage import bulk
from storage.database import Tx
from storage.posted import FORGET, PUT, posted, posted_row
from storage.records import Posted
from storage.schema import messages

_t: Final = messages.c
_here: Final = _t.workspace == bindparam("workspace")
_oldest_first: Final = (_t.posted_at, _t.key)

_GET: Final = select(messages).where(_here, _t.key == bindparam("key"))
_MANY: Final = select(messages).where(_here, _t.key.in_(bindparam("keys", expanding=True))).order_by(*_oldest_first)
_OF: Final = select(messages).where(_t.handoff_id == bindparam("handoff_id")).order_by(*_oldest_first)
_AT: Final = (
    select(messages).where(_here, _t.channel == bindparam("channel"), _t.ts == bindparam("ts")).order_by(*_oldest_first)
)
_SAID_AT: Final = {
    name: select(_t.key, _t.posted_at).where(_here, these) for name, these in bulk.among(_t.key, "keys").items()
}
_IN: Final = select(messages).where(_here, _t.channel == bindparam("channel")).order_by(*_oldest_first)


def get(tx: Tx, workspace: str, key: str) -> Posted | None:
    """Read a message by its key."""
    return _first(tx, _GET, workspace=workspace, key=key)


def many(tx: Tx, workspace: str, keys: Iterable[str]) -> list[Posted]:
    """Return the messages with these keys that Slack has, oldest first."""
    return [posted(row) for row in tx.execute(_MANY, {"workspace": workspace, "keys": list(keys)}).mappings()]


def of(tx: Tx, handoff_id: str) -> list[Posted]:
    """Return every message of a handoff, oldest first."""
    return [posted(row) for row in tx.execute(_OF, {"handoff_id": handoff_id}).mappings()]


def at(tx: Tx, workspace: str, channel: str, ts: str) -> Posted | None:
    """Return our message at this place in a channel, or None."""
    return _first(tx, _AT, workspace=workspace, channel=channel, ts=ts)


def in_channel(tx: Tx, workspace: str, channel: str) -> list[Posted]:
    """Return every message of ours in a channel, oldest first."""
    return [posted(row) for row in tx.execute(_IN, {"workspace": workspace, "channel": channel}).mappings()]


def said_at(tx: Tx, workspace: str, keys: Collection[str]) -> dict[str, datetime]:
    """Return when these messages were posted, by key; those that Slack does not have are left out."""
    if not keys:
        return {}
    rows = tx.execute(_SAID_AT[tx.dialect], {"workspace": workspace, "keys": list(keys)})
    return {row.key: row.posted_at for row in rows}


def put(tx: Tx, message: Posted) -> None:
    """Store a message that Slack has, or what it shows now."""
    tx.execute(PUT[tx.dialect], posted_row(message))


def forget(tx: Tx, workspace: str, key: str) -> None:
    """Remove a message that is gone from Slack; putting its key again posts it anew."""
    tx.execute(FORGET, {"workspace": workspace, "key": key})


def _first(tx: Tx, statement: Executable, **parameters: str) -> Posted | None:
    row = tx.execute(statement, parameters).mappings().first()
    return None if row is None else posted(row)
