"""Messages about one handoff that a change of it can make false: posted and unsettled, waiting, or being sent.

A message in flight was drawn before the change and may be posted after it. So it is put again like a posted one, and so
is one that waits: a pump may lease it before the change is committed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import BindParameter, bindparam, not_, null, select, text, union_all

from storage.db.database import Tx
from storage.outbox.model import OutboxMessage
from storage.outbox.posted_messages import read_destination
from storage.outbox.tables import LEASED, WAITING, messages, outbox

_COLUMNS: Final = (
    "workspace", "key", "kind", "handoff_id", "to_channel", "to_thread_ts", "to_reply_to", "to_user", "payload",
)  # fmt: skip
_of: Final[BindParameter[str]] = bindparam("of_handoff")
_PENDING: Final = tuple(
    select(*(outbox.c[name] for name in _COLUMNS), outbox.c.not_before).where(
        outbox.c.handoff_id == _of, text(status), not_(outbox.c.erase)
    )
    for status in (WAITING, LEASED)
)
_POSTED: Final = select(*(messages.c[name] for name in _COLUMNS), null().label("not_before")).where(
    messages.c.handoff_id == _of, not_(messages.c.settled)
)
_ALL: Final = union_all(*_PENDING, _POSTED)


@dataclass(frozen=True, kw_only=True)
class UnsettledMessage:
    """A message that a change may make false."""

    message: OutboxMessage
    not_before: datetime | None
    """When it may be sent, if it is not posted yet; None for a posted one."""


def list_for_handoff(tx: Tx, handoff_id: str) -> list[UnsettledMessage]:
    """Return the unsettled messages of a handoff, each key once, in one statement."""
    found: dict[str, UnsettledMessage] = {}
    for row in tx.execute(_ALL, {"of_handoff": handoff_id}).mappings():
        found[row["key"]] = _unsettled(row)  # a posted one comes last
    return list(found.values())


def _unsettled(row: Mapping[Any, Any]) -> UnsettledMessage:
    return UnsettledMessage(
        message=OutboxMessage(
            workspace=row["workspace"],
            key=row["key"],
            kind=row["kind"],
            handoff_id=row["handoff_id"],
            to=read_destination(row),
            payload=row["payload"],
        ),
        not_before=row["not_before"],
    )
