"""Who was to hear of which step of a clock: said, held until later, or skipped, and why. One row each, for ever."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, select, text

from storage.database import Tx
from storage.records import Clock, Notice
from storage.schema import notices
from storage.upserts import insert_new

_COLUMNS: Final = tuple(field.name for field in fields(Notice))
_n: Final = notices.c
_here: Final = _n.workspace == bindparam("in_workspace")
_said: Final = text("message IS NOT NULL")
_heard_some_day: Final = text("hear_at IS NOT NULL")
_all: Final = select(*(notices.c[name] for name in _COLUMNS))

_ADD: Final = insert_new(notices, ["handoff_id", "clock", "run", "level", "recipient"])
_OF: Final = _all.where(_n.handoff_id == bindparam("handoff_id")).order_by(_n.id)
_IN: Final = _all.where(_here, _said, _n.message == bindparam("of_message")).order_by(_n.hear_at, _n.id)
_RECENT: Final = (
    _all.where(_here, _heard_some_day, _n.recipient == bindparam("to"), _n.hear_at > bindparam("since"))
    .order_by(_n.hear_at.desc())
    .limit(bindparam("limit"))
)
_MESSAGES: Final = select(_n.message).where(_n.handoff_id == bindparam("handoff_id"), _said).distinct()
_this: Final = (_here, _said, _n.message == bindparam("of_message"), text("heard_at IS NULL"))
_HEARD: Final = notices.update().where(*_this).values(heard_at=bindparam("at", type_=_n.heard_at.type))
_HOLD: Final = (
    notices.update().where(*_this).values(hear_at=bindparam("until", type_=_n.hear_at.type), why=bindparam("because"))
)


def add(tx: Tx, many: Iterable[Notice]) -> None:
    """Store notices; one that is stored already stays as it is."""
    rows = [{name: getattr(notice, name) for name in _COLUMNS} for notice in many]
    if rows:
        tx.execute(_ADD[tx.dialect], rows)


def of(tx: Tx, handoff_id: str) -> list[Notice]:
    """Everything that somebody was to hear about a handoff's clocks, in order."""
    return [_record(row) for row in tx.execute(_OF, {"handoff_id": handoff_id}).mappings()]


def in_message(tx: Tx, workspace: str, message: str) -> list[Notice]:
    """What a message says: its notices, those that may be heard first first."""
    return [_record(row) for row in tx.execute(_IN, {"in_workspace": workspace, "of_message": message}).mappings()]


def recent(tx: Tx, workspace: str, recipient: str, since: datetime, limit: int) -> list[Notice]:
    """The last `limit` notices that a recipient may hear after `since`, latest first; what lies ahead is among them."""
    wanted = {"in_workspace": workspace, "to": recipient, "since": since, "limit": limit}
    return [_record(row) for row in tx.execute(_RECENT, wanted).mappings()]


def messages_of(tx: Tx, handoff_id: str) -> list[str]:
    """The keys of the messages that say something about a handoff's clocks."""
    return list(tx.execute(_MESSAGES, {"handoff_id": handoff_id}).scalars())


def heard(tx: Tx, workspace: str, message: str, at: datetime) -> None:
    """Slack has the message: whatever it says that was not said before was heard now."""
    tx.execute(_HEARD, {"in_workspace": workspace, "of_message": message, "at": at})


def hold(tx: Tx, workspace: str, message: str, until: datetime, why: str) -> None:
    """The message waits until its recipient can hear it."""
    tx.execute(_HOLD, {"in_workspace": workspace, "of_message": message, "until": until, "because": why})


def _record(row: Mapping[Any, Any]) -> Notice:
    return Notice(**{**row, "clock": Clock(row["clock"])})
