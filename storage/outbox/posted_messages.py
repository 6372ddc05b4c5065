"""Messages that Baton has posted in Slack, as stored."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Executable, bindparam, select

from storage.db import bulk
from storage.db.database import Tx
from storage.db.upsert import upsert
from storage.outbox.model import Destination, PostedMessage
from storage.outbox.tables import messages

_KEY: Final = ("workspace", "key")
PUT: Final = upsert(messages, _KEY, [column.name for column in messages.columns if column.name not in _KEY])
FORGET: Final = messages.delete().where(
    messages.c.workspace == bindparam("workspace"), messages.c.key == bindparam("key")
)


def destination_columns(to: Destination) -> dict[str, str | None]:
    """Return a destination as its four columns."""
    return {
        "to_channel": to.channel,
        "to_thread_ts": to.thread_ts,
        "to_reply_to": to.reply_to,
        "to_user": to.user,
    }


def read_destination(row: Mapping[Any, Any]) -> Destination:
    """Return a destination from its four columns."""
    return Destination(
        channel=row["to_channel"], thread_ts=row["to_thread_ts"], reply_to=row["to_reply_to"], user=row["to_user"]
    )


def message_columns(message: PostedMessage) -> dict[str, Any]:
    """Return a posted message as a row of its table."""
    return {
        "workspace": message.workspace,
        "key": message.key,
        "kind": message.kind,
        "handoff_id": message.handoff_id,
        **destination_columns(message.to),
        "payload": dict(message.payload),
        "channel": message.channel,
        "ts": message.ts,
        "permalink": message.permalink,
        "posted_at": message.posted_at,
        "settled": message.settled,
    }


def read_message(row: Mapping[Any, Any], prefix: str = "") -> PostedMessage:
    """Return a posted message from a row, whose labels may have a prefix."""
    own = {column.name: row[prefix + column.name] for column in messages.columns}
    return PostedMessage(
        workspace=own["workspace"],
        key=own["key"],
        kind=own["kind"],
        handoff_id=own["handoff_id"],
        to=read_destination(own),
        payload=own["payload"],
        channel=own["channel"],
        ts=own["ts"],
        permalink=own["permalink"],
        posted_at=own["posted_at"],
        settled=own["settled"],
    )


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
    name: select(_t.key, _t.posted_at).where(_here, these)
    for name, these in bulk.one_of_parameter(_t.key, "keys").items()
}
_CARDS: Final = {
    name: select(messages).where(these, _t.kind == "card").order_by(*_oldest_first)
    for name, these in bulk.one_of_parameter(_t.handoff_id).items()
}
_IN: Final = select(messages).where(_here, _t.channel == bindparam("channel")).order_by(*_oldest_first)


def get(tx: Tx, workspace: str, key: str) -> PostedMessage | None:
    """Return a posted message by key, or None."""
    return _first(tx, _GET, workspace=workspace, key=key)


def get_many(tx: Tx, workspace: str, keys: Iterable[str]) -> list[PostedMessage]:
    """Return the posted messages with these keys, oldest first."""
    return [read_message(row) for row in tx.execute(_MANY, {"workspace": workspace, "keys": list(keys)}).mappings()]


def list_for_handoff(tx: Tx, handoff_id: str) -> list[PostedMessage]:
    """Return every posted message of a handoff, oldest first."""
    return [read_message(row) for row in tx.execute(_OF, {"handoff_id": handoff_id}).mappings()]


def list_cards(tx: Tx, handoff_ids: Collection[str]) -> dict[str, list[PostedMessage]]:
    """Return the posted cards of these handoffs, oldest first, by the handoff's id."""
    found: dict[str, list[PostedMessage]] = {}
    for row in tx.execute(_CARDS[tx.dialect], {"ids": list(handoff_ids)}).mappings():
        message = read_message(row)
        found.setdefault(str(message.handoff_id), []).append(message)
    return found


def get_by_ts(tx: Tx, workspace: str, channel: str, ts: str) -> PostedMessage | None:
    """Return Baton's message with this channel and ts, or None."""
    return _first(tx, _AT, workspace=workspace, channel=channel, ts=ts)


def list_in_channel(tx: Tx, workspace: str, channel: str) -> list[PostedMessage]:
    """Return every message that Baton posted in a channel, oldest first."""
    return [read_message(row) for row in tx.execute(_IN, {"workspace": workspace, "channel": channel}).mappings()]


def get_posted_at(tx: Tx, workspace: str, keys: Collection[str]) -> dict[str, datetime]:
    """Return when these messages were posted, by key; unposted ones are left out."""
    if not keys:
        return {}
    rows = tx.execute(_SAID_AT[tx.dialect], {"workspace": workspace, "keys": list(keys)})
    return {row.key: row.posted_at for row in rows}


def put(tx: Tx, message: PostedMessage) -> None:
    """Insert or update a posted message."""
    tx.execute(PUT[tx.dialect], message_columns(message))


def remove(tx: Tx, workspace: str, key: str) -> None:
    """Delete the row of a message that is no longer in Slack; putting its key again posts it anew."""
    tx.execute(FORGET, {"workspace": workspace, "key": key})


def _first(tx: Tx, statement: Executable, **parameters: str) -> PostedMessage | None:
    row = tx.execute(statement, parameters).mappings().first()
    return None if row is None else read_message(row)
