"""Archive of the messages of handoffs that ended long ago: one small row per handoff instead of one per message.

A message in Slack stays, and with it what it says. To redraw it, or to delete it when the handoff's contents are
deleted years later, Baton has to know where it is. So the rows of its messages are packed, and unpacked before
anything more is done with the handoff.
"""

from __future__ import annotations

import json
import zlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import bindparam, delete, select

from storage.db.database import Tx
from storage.db.upsert import insert_new
from storage.handoffs.model import Handoff
from storage.outbox.model import PostedMessage
from storage.outbox.posted_messages import message_columns, read_message
from storage.outbox.tables import archives, messages, outbox

_OWN: Final = "\x01"
"""Stands for the handoff's id, which is in most keys."""
_NONE: Final = "-"
"""Stands for no handoff's id: the message is about several."""
_WORDS: Final = (
    b'[["bundle:level::late:escalated"trouble:"source:"level":"reply:"sent:"","dm:'
    b'","payload":{"verb":"claim","complete","cancel","note","actor":"U0","note_id":null,"facts":{},"as":"sender",'
    b'"last_owner","user":"U0","hop":1},"channel":"D0","ts":"17","permalink":"https://.slack.com/archives/C0/p17",1'
)
"""Preset dictionary of the compression. Never changed: what is stored needs it."""
_m: Final = messages.c
_ids: Final[Any] = bindparam("ids", expanding=True)
_POSTED: Final = select(messages).where(_m.handoff_id.in_(_ids)).order_by(_m.posted_at, _m.key)
_SHARED: Final = select(messages).where(
    _m.workspace == bindparam("in_workspace"), _m.key.in_(bindparam("keys", expanding=True)), _m.handoff_id.is_(None)
)
_PENDING: Final = select(outbox.c.handoff_id).where(outbox.c.handoff_id.in_(_ids)).distinct()
_ADD: Final = archives.insert()
_GET: Final = select(archives.c.content).where(archives.c.handoff_id == bindparam("of_handoff"))
_TAKE: Final = delete(archives).where(archives.c.handoff_id == bindparam("of_handoff"))
_REMOVE: Final = messages.delete().where(_m.handoff_id.in_(_ids))
_PUT_BACK: Final = insert_new(messages, ["workspace", "key"])


def list_with_pending(tx: Tx, handoff_ids: Iterable[str]) -> frozenset[str]:
    """Return those of the handoffs that have a message to be sent."""
    wanted = sorted(handoff_ids)
    return frozenset(tx.execute(_PENDING, {"ids": wanted}).scalars()) if wanted else frozenset()


def pack(tx: Tx, handoffs: Iterable[Handoff], shared: Mapping[str, Collection[str]]) -> None:
    """Pack the posted messages of these handoffs and delete their rows.

    Args:
        tx: the transaction.
        handoffs: the handoffs, of one workspace.
        shared: by handoff id, the keys of messages that are about several handoffs. They are packed with each of them,
            and their rows stay.
    """
    ended = {handoff.id: handoff.workspace for handoff in handoffs}
    found: dict[str, list[PostedMessage]] = defaultdict(list)
    for row in tx.execute(_POSTED, {"ids": sorted(ended)}).mappings():
        found[row["handoff_id"]].append(read_message(row))
    for about, keys in shared.items():
        wanted = {"in_workspace": ended[about], "keys": sorted(keys)}
        found[about] += [read_message(row) for row in tx.execute(_SHARED, wanted).mappings()] if keys else []
    rows = [{"handoff_id": about, "content": _packed(about, own)} for about, own in found.items() if own]
    if rows:
        tx.execute(_ADD, rows)
    tx.execute(_REMOVE, {"ids": sorted(ended)})


def has(tx: Tx, handoff_id: str) -> bool:
    """Return whether the messages of a handoff are packed."""
    return tx.execute(_GET, {"of_handoff": handoff_id}).first() is not None


def list_for_handoff(tx: Tx, workspace: str, handoff_id: str) -> list[PostedMessage]:
    """Return the packed messages of a handoff, oldest first; those about several handoffs have no handoff's id."""
    content = tx.execute(_GET, {"of_handoff": handoff_id}).scalar()
    return [] if content is None else _unpacked(workspace, handoff_id, content)


def unpack(tx: Tx, workspace: str, handoff_id: str) -> list[PostedMessage]:
    """Put the packed messages of a handoff back among the posted ones, and return them."""
    found = list_for_handoff(tx, workspace, handoff_id)
    if found:
        for message in found:
            tx.execute(_PUT_BACK[tx.dialect], message_columns(message))
        tx.execute(_TAKE, {"of_handoff": handoff_id})
    return found


def _packed(handoff_id: str, found: Iterable[PostedMessage]) -> bytes:
    rows = [_short(handoff_id, message) for message in found]
    text = json.dumps(rows, ensure_ascii=False, separators=(",", ":")).replace(handoff_id, _OWN)
    packer = zlib.compressobj(level=9, wbits=-zlib.MAX_WBITS, zdict=_WORDS)
    return packer.compress(text.encode()) + packer.flush()


def _short(handoff_id: str, message: PostedMessage) -> dict[str, Any]:
    """Return a message as a row without what follows from the rest."""
    row = {
        **message_columns(message),
        "workspace": None,
        "kind": None if message.key.startswith(f"{message.kind}:") else message.kind,
        "handoff_id": None if message.handoff_id == handoff_id else _NONE,
        "posted_at": round(message.posted_at.timestamp()),
    }
    return {name: value for name, value in row.items() if value not in (None, {})}


def _unpacked(workspace: str, handoff_id: str, content: bytes) -> list[PostedMessage]:
    unpacker = zlib.decompressobj(wbits=-zlib.MAX_WBITS, zdict=_WORDS)
    text = (unpacker.decompress(content) + unpacker.flush()).decode().replace(_OWN, handoff_id)
    return [read_message(_row(workspace, handoff_id, one)) for one in json.loads(text)]


def _row(workspace: str, handoff_id: str, packed: Mapping[str, Any]) -> dict[str, Any]:
    empty = dict.fromkeys(messages.columns.keys())
    return {
        **empty,
        "payload": {},
        **packed,
        "workspace": workspace,
        "kind": packed.get("kind", packed["key"].partition(":")[0]),
        "handoff_id": None if packed.get("handoff_id") == _NONE else handoff_id,
        "posted_at": datetime.fromtimestamp(packed["posted_at"], UTC),
    }
