"""Messages about a handoff that a change of it can make false: posted and unsettled, waiting, or being sent.

A message about several handoffs names them as its parts (`storage.outbox.parts`), and is found by each of them.

A message in flight was drawn before the change and may be posted after it. So it is put again like a posted one, and so
is one that waits: a pump may lease it before the change is committed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, CompoundSelect, Table, and_, bindparam, not_, null, select, text, union_all

from storage.db import bulk
from storage.db.database import Tx
from storage.outbox import posted_messages
from storage.outbox.model import OutboxMessage
from storage.outbox.outbox import get_many
from storage.outbox.posted_messages import read_destination
from storage.outbox.tables import LEASED, WAITING, message_parts, messages, outbox

_COLUMNS: Final = (
    "workspace", "key", "kind", "handoff_id", "to_channel", "to_thread_ts", "to_reply_to", "to_user", "payload",
)  # fmt: skip


def _of(these: Callable[[ColumnElement[str]], ColumnElement[bool]]) -> CompoundSelect[Any]:
    """Select the unsettled messages of the handoffs for which the condition holds; the posted ones come last.

    Among them are the messages about several handoffs that list one of these.
    """
    waiting = select(*(outbox.c[name] for name in _COLUMNS), outbox.c.not_before).where(not_(outbox.c.erase))
    posted = select(*(messages.c[name] for name in _COLUMNS), null().label("not_before")).where(
        not_(messages.c.settled)
    )
    listed = these(message_parts.c.handoff_id)
    return union_all(
        *(waiting.where(these(outbox.c.handoff_id), text(status)) for status in (WAITING, LEASED)),
        *(
            waiting.select_from(message_parts.join(outbox, _is_part_of(outbox))).where(listed, text(status))
            for status in (WAITING, LEASED)
        ),
        posted.where(these(messages.c.handoff_id)),
        posted.select_from(message_parts.join(messages, _is_part_of(messages))).where(listed),
    )


def _is_part_of(table: Table) -> ColumnElement[bool]:
    return and_(message_parts.c.workspace == table.c.workspace, message_parts.c.key == table.c.key)


_OF_ONE: Final = _of(lambda column: column == bindparam("of_handoff"))
_OF_MANY: Final = {
    name: _of(lambda column, name=name: bulk.one_of_parameter(column, "of_handoffs")[name])  # type: ignore[misc]
    for name in ("sqlite", "postgresql")
}


@dataclass(frozen=True, kw_only=True)
class UnsettledMessage:
    """A message that a change may make false."""

    message: OutboxMessage
    not_before: datetime | None
    """When it may be sent, if it is not posted yet; None for a posted one."""


def list_for_handoff(tx: Tx, handoff_id: str) -> list[UnsettledMessage]:
    """Return the unsettled messages of a handoff, each key once, in one statement."""
    return _each_once(tx.execute(_OF_ONE, {"of_handoff": handoff_id}).mappings())


def list_for_handoffs(tx: Tx, handoff_ids: Collection[str]) -> list[UnsettledMessage]:
    """Return the unsettled messages of several handoffs, each key once, in one statement."""
    if not handoff_ids:
        return []
    with tx.fresh_query_plans():
        rows = tx.execute(_OF_MANY[tx.dialect], {"of_handoffs": sorted(handoff_ids)}).mappings()
    return _each_once(rows)


def get(tx: Tx, workspace: str, key: str) -> OutboxMessage | None:
    """Return the message with this key if it is posted and unsettled, waits, or is being sent."""
    posted = posted_messages.get(tx, workspace, key)
    if posted is not None and not posted.settled:
        return posted.to_outbox_message()
    return next((one.wanted for one in get_many(tx, workspace, [key])), None)


def _each_once(rows: Iterable[Mapping[Any, Any]]) -> list[UnsettledMessage]:
    found = {(row["workspace"], row["key"]): _unsettled(row) for row in rows}
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
