"""A leased row waits again: in its place, with the reason, or in favour of a newer row with its key."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, case, func, select, text

from storage.db.database import Tx
from storage.outbox.model import LeasedMessage
from storage.outbox.tables import WAITING, outbox

_o: Final = outbox.c
_waiting: Final = text(WAITING)
_leased: Final = text("status = 'leased'")
_ours: Final = (_o.id == bindparam("row"), _o.attempts == bindparam("attempt"), _leased)
DONE: Final = outbox.delete().where(*_ours)
"""Delete the row if it is still leased by us. Parameters: row, attempt."""
_OURS: Final = select(_o.first_leased_at, _o.not_before, _o.refused_since).where(*_ours)
_place: Final = bindparam("place", type_=_o.not_before.type)
_YIELD: Final = (
    outbox.update()
    .where(_o.workspace == bindparam("in_workspace"), _o.key == bindparam("of_key"), _waiting)
    .values(
        attempts=bindparam("attempt"),
        error=bindparam("why"),
        not_before=case((_o.not_before > _place, _place), else_=_o.not_before),
        refused_since=bindparam("refused", type_=_o.refused_since.type),
        first_leased_at=func.coalesce(_o.first_leased_at, bindparam("first", type_=_o.first_leased_at.type)),
    )
)
_WAIT_AGAIN: Final = (
    outbox.update()
    .where(*_ours)
    .values(
        status="waiting",
        lease_until=None,
        leased_by=None,
        not_before=_place,
        retry_at=bindparam("until"),
        urgency=None,
        error=bindparam("why"),
        refused_since=bindparam("refused"),
        first_leased_at=bindparam("first"),
    )
)


def wait_again(
    tx: Tx,
    leased: LeasedMessage,
    error: str,
    *,
    known: bool,
    retry_at: datetime | None = None,
    not_before: datetime | None = None,
    refused_at: datetime | None = None,
) -> None:
    """Let a leased row wait for `not_before` if given, else in its place, resting until `retry_at`."""
    ours = {"row": leased.id, "attempt": leased.attempts}
    row = tx.execute(_OURS, ours).first()
    if row is None:
        return
    kept = {
        "place": not_before or row.not_before,
        "why": error,
        "first": None if known else row.first_leased_at,
        "refused": row.refused_since or refused_at,
    }
    newer = {"in_workspace": leased.wanted.workspace, "of_key": leased.wanted.key}
    if tx.execute(_YIELD, {**newer, **kept, "attempt": leased.attempts}).rowcount:
        tx.execute(DONE, ours)
    else:
        tx.execute(_WAIT_AGAIN, {**ours, **kept, "until": retry_at})
