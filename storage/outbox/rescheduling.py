"""Move or withdraw messages that wait in the outbox and that Slack cannot have yet."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, select, text

from storage.db import bulk
from storage.db.database import Tx
from storage.outbox.model import Destination, OutboxMessage
from storage.outbox.tables import WAITING, messages, outbox

_o: Final = outbox.c
_m: Final = messages.c
_waits: Final = text(f"outbox.{WAITING} AND outbox.first_leased_at IS NULL")
_this: Final = (_o.workspace == bindparam("in_workspace"), _o.key == bindparam("of_key"), _waits)
_LOCK: Final = {
    name: select(_o.key, _o.not_before, _m.key.is_not(None).label("posted"))
    .select_from(outbox.outerjoin(messages, (_m.workspace == _o.workspace) & (_m.key == _o.key)))
    .where(_o.workspace == bindparam("in_workspace"), these, _waits)
    .order_by(_o.key)
    .with_for_update(of=outbox)
    for name, these in bulk.one_of_parameter(_o.key, "keys").items()
}
_RESCHEDULE: Final = outbox.update().where(*_this).values(not_before=bindparam("at", type_=_o.not_before.type))
_HELD: Final = {
    name: select(_o.key, _o.kind, _o.to_user, _o.error, _o.not_before)
    .where(_o.workspace == bindparam("in_workspace"), these, _o.error.in_(bindparam("reasons", expanding=True)), _waits)
    .order_by(_o.key)
    for name, these in bulk.one_of_parameter(_o.to_user, "users").items()
}
_RELEASE: Final = (
    outbox.update()
    .where(
        _o.workspace == bindparam("in_workspace"),
        _o.error == bindparam("why"),
        _o.not_before > bindparam("now", type_=_o.not_before.type),
        _waits,
    )
    .values(not_before=bindparam("at", type_=_o.not_before.type))
)
_TAKE: Final = (
    select(_o.key, _o.kind, _o.handoff_id, _o.payload, _o.put_at)
    .where(
        _o.workspace == bindparam("in_workspace"),
        _o.to_user == bindparam("user"),
        _o.kind.in_(bindparam("kinds", expanding=True)),
        _o.error == bindparam("why"),
        _waits,
    )
    .order_by(_o.put_at, _o.key)
    .with_for_update(of=outbox)
)
_HOLD: Final = (
    outbox.update().where(*_this).values(not_before=bindparam("at", type_=_o.not_before.type), error=bindparam("why"))
)
_WITHDRAW: Final = outbox.delete().where(*_this)


@dataclass(frozen=True, kw_only=True)
class HeldMessage:
    """A message that waits because its reader may not get it yet."""

    key: str
    kind: str
    user: str
    why: str
    until: datetime


def lock_waiting(tx: Tx, workspace: str, keys: Collection[str]) -> dict[str, bool]:
    """Lock those of these messages that wait and were never tried; return by key whether Slack has an older version.

    A message that is being sent, or whose last try may have reached Slack, is left out.
    """
    if not keys:
        return {}
    rows = tx.execute(_LOCK[tx.dialect], {"in_workspace": workspace, "keys": sorted(set(keys))})
    return {row.key: bool(row.posted) for row in rows}


def reschedule(tx: Tx, workspace: str, at: Mapping[str, datetime]) -> None:
    """Set from when on messages that wait may be sent, earlier or later, by key."""
    for key, instant in sorted(at.items()):
        tx.execute(_RESCHEDULE, {"in_workspace": workspace, "of_key": key, "at": instant})


def withdraw(tx: Tx, workspace: str, keys: Collection[str]) -> None:
    """Delete messages that wait. The caller has recorded why they are not sent."""
    for key in sorted(set(keys)):
        tx.execute(_WITHDRAW, {"in_workspace": workspace, "of_key": key})


def list_held(tx: Tx, workspace: str, users: Collection[str], reasons: Collection[str]) -> list[HeldMessage]:
    """Return the messages to these people that are held for one of these reasons."""
    if not users:
        return []
    wanted = {"in_workspace": workspace, "users": sorted(set(users)), "reasons": sorted(reasons)}
    return [
        HeldMessage(key=row.key, kind=row.kind, user=row.to_user, why=row.error, until=row.not_before)
        for row in tx.execute(_HELD[tx.dialect], wanted)
    ]


def hold_until(tx: Tx, workspace: str, key: str, until: datetime, why: str) -> None:
    """Let a message that waits be held for another reason or until another instant."""
    tx.execute(_HOLD, {"in_workspace": workspace, "of_key": key, "at": until, "why": why})


def release(tx: Tx, workspace: str, why: str, now: datetime) -> None:
    """Let all messages of a workspace that are held for a reason be tried now: whether they wait is decided anew."""
    tx.execute(_RELEASE, {"in_workspace": workspace, "why": why, "now": now, "at": now})


def take_held(
    tx: Tx, workspace: str, user: str, why: str, kinds: Collection[str]
) -> list[tuple[OutboxMessage, datetime]]:
    """Delete and return the messages of these kinds to a person that are held for a reason, with when they were put."""
    wanted = {"in_workspace": workspace, "user": user, "why": why, "kinds": sorted(kinds)}
    rows = tx.execute(_TAKE, wanted).all()
    withdraw(tx, workspace, [row.key for row in rows])
    return [
        (
            OutboxMessage(
                workspace=workspace,
                key=row.key,
                kind=row.kind,
                handoff_id=row.handoff_id,
                to=Destination(user=user),
                payload=row.payload,
            ),
            row.put_at,
        )
        for row in rows
    ]
