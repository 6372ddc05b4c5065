"""Messages collected for summaries, as stored."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import and_, bindparam, select, text

from storage.company.model import Topic
from storage.db import bulk
from storage.db.database import Tx
from storage.db.upsert import upsert
from storage.outbox.model import Destination, OutboxMessage
from storage.outbox.tables import WAITING, outbox
from storage.summaries.model import CollectedMessage
from storage.summaries.tables import collected

_c: Final = collected.c
_here: Final = _c.workspace == bindparam("in_workspace")
_own: Final = (_here, _c.user == bindparam("of_user"))
_in_order: Final = (_c.put_at, _c.key)
_PUT: Final = upsert(
    collected, ["workspace", "key"], ["user", "summary", "kind", "topic", "handoff_id", "payload", "put_at"]
)
_OF_SUMMARY: Final = select(collected).where(*_own, _c.summary == bindparam("of_summary")).order_by(*_in_order)
_WAITING: Final = {
    name: select(collected)
    .join(
        outbox,
        and_(
            outbox.c.workspace == _c.workspace,
            outbox.c.key == _c.summary,
            text(f"outbox.{WAITING}"),
            outbox.c.not_before > bindparam("now", type_=outbox.c.not_before.type),
        ),
    )
    .where(_here, these)
    .order_by(*_in_order)
    for name, these in bulk.one_of_parameter(_c.user, "users").items()
}
_REMOVE: Final = collected.delete().where(_here, _c.key.in_(bindparam("keys", expanding=True)))
_PURGE: Final = collected.delete().where(_c.put_at < bindparam("before", type_=_c.put_at.type))


def put_many(tx: Tx, many: Iterable[CollectedMessage]) -> None:
    """Collect messages, each for its summary; one that was collected already moves to it."""
    for one in many:
        message = one.message
        row = {
            "workspace": message.workspace,
            "key": message.key,
            "user": message.to.user,
            "summary": one.summary,
            "kind": message.kind,
            "topic": one.topic,
            "handoff_id": message.handoff_id,
            "payload": dict(message.payload),
            "put_at": one.put_at,
        }
        tx.execute(_PUT[tx.dialect], row)


def list_for_summary(tx: Tx, workspace: str, user: str, summary: str) -> list[CollectedMessage]:
    """Return what a person's summary has, in the order in which it was collected."""
    wanted = {"in_workspace": workspace, "of_user": user, "of_summary": summary}
    return [_read(row) for row in tx.execute(_OF_SUMMARY, wanted).mappings()]


def list_waiting(tx: Tx, workspace: str, users: Collection[str], now: datetime) -> list[CollectedMessage]:
    """Return what those summaries of these people have that are not due yet."""
    if not users:
        return []
    rows = tx.execute(_WAITING[tx.dialect], {"in_workspace": workspace, "users": sorted(set(users)), "now": now})
    return [_read(row) for row in rows.mappings()]


def remove(tx: Tx, workspace: str, keys: Collection[str]) -> None:
    """Take messages out of their summaries."""
    if keys:
        tx.execute(_REMOVE, {"in_workspace": workspace, "keys": sorted(keys)})


def remove_before(tx: Tx, before: datetime) -> int:
    """Delete what was collected before an instant; return how much."""
    return int(tx.execute(_PURGE, {"before": before}).rowcount)


def _read(row: Mapping[Any, Any]) -> CollectedMessage:
    return CollectedMessage(
        message=OutboxMessage(
            workspace=row["workspace"],
            key=row["key"],
            kind=row["kind"],
            handoff_id=row["handoff_id"],
            to=Destination(user=row["user"]),
            payload=row["payload"],
        ),
        topic=Topic(row["topic"]),
        summary=row["summary"],
        put_at=row["put_at"],
    )
