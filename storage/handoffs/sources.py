"""Messages in Slack that handoffs begin with: who was offered to hand them off, and the handoff that came of it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, select

from storage.db.database import Tx
from storage.db.upsert import insert_new, upsert
from storage.handoffs.model import Handoff, Source
from storage.handoffs.tables import sources

_KEY: Final = ("workspace", "channel", "ts", "user")
_t: Final = sources.c
_message: Final = (
    _t.workspace == bindparam("in_workspace"),
    _t.channel == bindparam("in_channel"),
    _t.ts == bindparam("of_ts"),
)
_handoffs: Final[Any] = bindparam("ids", expanding=True)
_OFFER: Final = insert_new(sources, _KEY)
_BEGUN: Final = upsert(sources, _KEY, ["handoff_id", "at"])
_LINK: Final = sources.update().where(*_message).values(handoff_id=bindparam("became"))
_USERS: Final = select(_t.user).where(*_message).order_by(_t.user)
_HANDOFF: Final = select(_t.handoff_id).where(*_message, _t.handoff_id.is_not(None)).limit(1)
_WITHDRAW: Final = sources.delete().where(*_message, _t.user == bindparam("of_user"), _t.handoff_id.is_(None))
_REMOVE: Final = sources.delete().where(_t.handoff_id.in_(_handoffs))
_PURGE: Final = sources.delete().where(_t.at < bindparam("before", type_=_t.at.type), _t.handoff_id.is_(None))


def offer(tx: Tx, workspace: str, message: Source, user: str, at: datetime) -> None:
    """Store that a person was offered to hand a message off."""
    tx.execute(_OFFER[tx.dialect], {**_row(workspace, message, user), "at": at, "handoff_id": None})


def withdraw(tx: Tx, workspace: str, message: Source, user: str) -> None:
    """Forget the offer to a person; what has become a handoff stays."""
    tx.execute(_WITHDRAW, {**_place(workspace, message), "of_user": user})


def begin(tx: Tx, handoff: Handoff, message: Source, at: datetime) -> list[str]:
    """Store the handoff that a message has become; return who was offered to hand the message off, or did it before."""
    workspace = handoff.workspace
    offered = list(tx.execute(_USERS, _place(workspace, message)).scalars())
    tx.execute(_BEGUN[tx.dialect], {**_row(workspace, message, handoff.sender), "at": at, "handoff_id": handoff.id})
    if offered:
        tx.execute(_LINK, {**_place(workspace, message), "became": handoff.id})
    return offered


def get_handoff_id(tx: Tx, workspace: str, message: Source) -> str | None:
    """Return the id of the last handoff that began with a message, or None."""
    found: str | None = tx.execute(_HANDOFF, _place(workspace, message)).scalar_one_or_none()
    return found


def remove(tx: Tx, handoff_ids: Collection[str]) -> None:
    """Forget with which messages these handoffs began."""
    tx.execute(_REMOVE, {"ids": sorted(handoff_ids)})


def remove_before(tx: Tx, before: datetime) -> None:
    """Forget older offers of which nothing came."""
    tx.execute(_PURGE, {"before": before})


def _place(workspace: str, message: Source) -> dict[str, str]:
    return {"in_workspace": workspace, "in_channel": message.channel, "of_ts": message.ts}


def _row(workspace: str, message: Source, user: str) -> dict[str, str]:
    return {"workspace": workspace, "channel": message.channel, "ts": message.ts, "user": user}
