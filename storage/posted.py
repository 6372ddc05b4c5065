"""Rows of the messages table, as `messages` and `outbox` both read and write them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import bindparam

from storage.records import Address, Posted
from storage.schema import messages
from storage.upserts import upsert

_KEY: Final = ("workspace", "key")
PUT: Final = upsert(messages, _KEY, [column.name for column in messages.columns if column.name not in _KEY])
FORGET: Final = messages.delete().where(
    messages.c.workspace == bindparam("workspace"), messages.c.key == bindparam("key")
)


def address_columns(to: Address) -> dict[str, str | None]:
    """Spread an address over its four columns."""
    return {
        "to_channel": to.channel,
        "to_thread_ts": to.thread_ts,
        "to_reply_to": to.reply_to,
        "to_user": to.user,
    }


def address(row: Mapping[Any, Any]) -> Address:
    """Read an address from its four columns."""
    return Address(
        channel=row["to_channel"], thread_ts=row["to_thread_ts"], reply_to=row["to_reply_to"], user=row["to_user"]
    )


def posted_row(message: Posted) -> dict[str, Any]:
    """Spread a message over the columns of its table."""
    return {
        "workspace": message.workspace,
        "key": message.key,
        "kind": message.kind,
        "handoff_id": message.handoff_id,
        **address_columns(message.to),
        "payload": dict(message.payload),
        "channel": message.channel,
        "ts": message.ts,
        "permalink": message.permalink,
        "posted_at": message.posted_at,
    }


def posted(row: Mapping[Any, Any], prefix: str = "") -> Posted:
    """Read a message from its columns, whose labels may carry a prefix."""
    own = {column.name: row[prefix + column.name] for column in messages.columns}
    return Posted(
        workspace=own["workspace"],
        key=own["key"],
        kind=own["kind"],
        handoff_id=own["handoff_id"],
        to=address(own),
        payload=own["payload"],
        channel=own["channel"],
        ts=own["ts"],
        permalink=own["permalink"],
        posted_at=own["posted_at"],
    )
