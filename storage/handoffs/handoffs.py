"""Handoffs as stored: insert, queries, and compare-and-set updates."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, fields
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Executable, bindparam, case, func, or_, select, text, union

from storage.db import bulk
from storage.db.database import Tx
from storage.db.errors import Stale
from storage.db.fast_records import construct
from storage.db.upsert import upsert
from storage.handoffs.lifecycle import ReadBackMode, ReadBackStatus, State
from storage.handoffs.model import Handoff, Priority, Source
from storage.handoffs.tables import CLAIMED, LIVE, OPEN, counters, handoffs

_FOR_EVER: Final = frozenset({"id", "workspace", "number", "created_at", "originator"})
_COLUMNS: Final = tuple(field.name for field in fields(Handoff))
_CHANGING: Final = tuple(name for name in _COLUMNS if name not in _FOR_EVER)
HANDOFF_COLUMNS: Final = tuple(handoffs.c.keys())
"""The columns of a handoff's row, in the order that `record` reads."""
_t: Final = handoffs.c
_here: Final = _t.workspace == bindparam("workspace")
_all: Final = select(handoffs)

_NUMBER: Final = upsert(
    counters, ["workspace"], [], otherwise=lambda new: {"handoffs": counters.c.handoffs + new.handoffs}
)
_ABOVE: Final = upsert(
    counters,
    ["workspace"],
    [],
    otherwise=lambda new: {
        "handoffs": case((counters.c.handoffs > new.handoffs, counters.c.handoffs), else_=new.handoffs)
    },
)
_LAST_NUMBER: Final = select(counters.c.handoffs).where(counters.c.workspace == bindparam("workspace"))
_ADD: Final = handoffs.insert()
_GET: Final = _all.where(_here, _t.id == bindparam("id"))
_BY_NUMBER: Final = _all.where(_here, _t.number == bindparam("number"))
_NUMBERED: Final = _all.where(_here, _t.number.in_(bindparam("numbers", expanding=True)))
_LOCK: Final = select(_t.id).where(_t.id.in_(bindparam("ids", expanding=True))).order_by(_t.id).with_for_update()
_SOME: Final = _all.where(_t.id.in_(bindparam("ids", expanding=True)))
_OWNED: Final = (
    _all.where(_here, text(CLAIMED), _t.owner == bindparam("user"))
    .order_by(_t.state_since, _t.number)
    .limit(bindparam("limit"))
)
_SENT: Final = (
    _all.where(_here, text(LIVE), _t.sender == bindparam("user")).order_by(_t.number.desc()).limit(bindparam("limit"))
)
_OFFERED: Final = (
    _all.where(_here, text(OPEN), _t.offered_to == bindparam("user")).order_by(_t.number).limit(bindparam("limit"))
)
_LIVE_IN: Final = (
    _all.where(_here, text(LIVE), _t.queue == bindparam("queue")).order_by(_t.number).limit(bindparam("limit"))
)
_OPEN_IN: Final = (
    _all.where(_here, text(OPEN), _t.queue == bindparam("queue"))
    .order_by(_t.state_since, _t.number)
    .limit(bindparam("limit"))
)
_is_shown_to: Final = or_(
    _t.private.is_(False),
    *(column == bindparam("reader") for column in (_t.originator, _t.sender, _t.last_owner, _t.offered_to)),
)
"""Private work is listed for those who have to know it; open work has no owner."""
_OPEN_IN_FOR: Final = _OPEN_IN.where(_is_shown_to)
_HELD: Final = _all.where(
    _here,
    text(LIVE),
    or_(*(column == bindparam("user") for column in (_t.owner, _t.sender, _t.accountable, _t.offered_to))),
).order_by(_t.number)
_HOLDERS: Final = {
    name: union(
        *(
            select(column.label("user")).where(_here, text(LIVE), bulk.one_of_parameter(column, "users")[name])
            for column in (_t.owner, _t.sender, _t.accountable, _t.offered_to)
        )
    )
    for name in ("sqlite", "postgresql")
}
_LIVE_IN_QUEUE: Final = _all.where(_here, text(LIVE), _t.queue == bindparam("queue")).order_by(_t.number)
_LIVE: Final = _all.where(text(LIVE), _t.id > bindparam("last_id")).order_by(_t.id).limit(bindparam("limit"))
_record_is: Final = (_here, text("record IS NOT NULL"), _t.record == bindparam("record"))
_LIVE_ON: Final = _all.where(*_record_is, text(LIVE)).order_by(_t.number.desc()).limit(bindparam("limit"))
_LAST_ON: Final = (
    _all.where(*_record_is, _t.state != State.DELETED).order_by(_t.number.desc()).limit(bindparam("limit"))
)
_ERASABLE: Final = (
    _all.where(text("erase_at IS NOT NULL"), _t.erase_at <= bindparam("now", type_=_t.erase_at.type))
    .order_by(_t.erase_at)
    .limit(bindparam("limit"))
)
_NEXT_ERASURE: Final = select(func.min(_t.erase_at)).where(text("erase_at IS NOT NULL"))
_COUNT_LIVE: Final = select(_t.queue, func.count().label("live")).where(_here, text(LIVE)).group_by(_t.queue)
_COUNT_OPEN: Final = select(_t.queue, func.count().label("waiting")).where(_here, text(OPEN)).group_by(_t.queue)
_COUNT_OPEN_FOR: Final = _COUNT_OPEN.where(_is_shown_to)


def next_number(tx: Tx, workspace: str) -> int:
    """Return the workspace's next handoff number. Concurrent callers wait until this transaction ends."""
    tx.execute(_NUMBER[tx.dialect], {"workspace": workspace, "handoffs": 1})
    return int(tx.execute(_LAST_NUMBER, {"workspace": workspace}).scalar_one())


def last_number(tx: Tx, workspace: str) -> int:
    """Return the number that was given last in a workspace; 0 if none was."""
    return int(tx.execute(_LAST_NUMBER, {"workspace": workspace}).scalar() or 0)


def continue_above(tx: Tx, workspace: str, number: int) -> None:
    """Let the next handoff's number be higher than this one."""
    tx.execute(_ABOVE[tx.dialect], {"workspace": workspace, "handoffs": number})


def add(tx: Tx, handoff: Handoff) -> None:
    """Insert a new handoff."""
    tx.execute(_ADD, _row(handoff))


def get(tx: Tx, workspace: str, handoff_id: str) -> Handoff | None:
    """Return a handoff by id, or None."""
    return _first(tx, _GET, workspace=workspace, id=handoff_id)


def get_by_number(tx: Tx, workspace: str, number: int) -> Handoff | None:
    """Return a handoff by its number in the workspace, or None."""
    return _first(tx, _BY_NUMBER, workspace=workspace, number=number)


def save(tx: Tx, before: Handoff, after: Handoff) -> None:
    """Update the columns in which `after` differs from `before`.

    Raises:
        Stale: the stored version is no longer that of `before`.
    """
    changed = tuple(name for name in _CHANGING if name == "version" or getattr(before, name) != getattr(after, name))
    row = {name: _value(after, name) for name in changed}
    written = tx.execute(_save(changed), {**row, "was_id": before.id, "was_version": before.version})
    if written.rowcount != 1:
        raise Stale(f"handoff {before.id} is no longer at version {before.version}")


def get_many(tx: Tx, ids: Iterable[str]) -> dict[str, Handoff]:
    """Return several handoffs, by id. Unknown ids are left out."""
    wanted = sorted(set(ids))
    return {handoff.id: handoff for handoff in _many(tx, _SOME, ids=wanted)} if wanted else {}


def get_many_by_number(tx: Tx, workspace: str, numbers: Sequence[int]) -> list[Handoff]:
    """Return the handoffs with these numbers, in their order. Unknown numbers are left out."""
    if not numbers:
        return []
    found = {one.number: one for one in _many(tx, _NUMBERED, workspace=workspace, numbers=list(numbers))}
    return [found[number] for number in numbers if number in found]


@lru_cache(maxsize=256)
def _save(names: tuple[str, ...]) -> Executable:
    """Build the update of these columns. Cached: acts change few columns, in few combinations."""
    return (
        handoffs.update()
        .where(_t.id == bindparam("was_id"), _t.version == bindparam("was_version"))
        .values({name: bindparam(name) for name in names})
    )


def lock(tx: Tx, ids: Iterable[str]) -> None:
    """Lock these handoffs until the transaction ends, always in the same order, so that no deadlock arises."""
    wanted = sorted(set(ids))
    if wanted and tx.dialect == "postgresql":
        tx.execute(_LOCK, {"ids": wanted}).all()


def list_owned_by(tx: Tx, workspace: str, user: str, limit: int) -> list[Handoff]:
    """Return the handoffs that a person owns, longest owned first."""
    return _many(tx, _OWNED, workspace=workspace, user=user, limit=limit)


def list_offered_to(tx: Tx, workspace: str, user: str, limit: int) -> list[Handoff]:
    """Return the handoffs that are offered to a person, oldest first."""
    return _many(tx, _OFFERED, workspace=workspace, user=user, limit=limit)


def list_sent_by(tx: Tx, workspace: str, user: str, limit: int) -> list[Handoff]:
    """Return the unfinished handoffs that a person sent, newest first."""
    return _many(tx, _SENT, workspace=workspace, user=user, limit=limit)


def list_open_in_queue(tx: Tx, workspace: str, queue: str, limit: int, *, reader: str | None = None) -> list[Handoff]:
    """Return the open handoffs in a queue, longest waiting first.

    With a `reader`, who is not of the queue: without the private ones that this person is not involved in.
    """
    if reader is None:
        return _many(tx, _OPEN_IN, workspace=workspace, queue=queue, limit=limit)
    return _many(tx, _OPEN_IN_FOR, workspace=workspace, queue=queue, limit=limit, reader=reader)


def list_live_in_queue(tx: Tx, workspace: str, queue: str, limit: int) -> list[Handoff]:
    """Return up to `limit` unfinished handoffs in a queue, by number."""
    return _many(tx, _LIVE_IN, workspace=workspace, queue=queue, limit=limit)


def list_live_of_person(tx: Tx, workspace: str, user: str) -> list[Handoff]:
    """Return every unfinished handoff that a person owns, sent, is accountable for or is offered."""
    return _many(tx, _HELD, workspace=workspace, user=user)


def list_holders(tx: Tx, workspace: str, users: Collection[str]) -> set[str]:
    """Return those of these people whom unfinished work names as its owner, sender, as accountable or offered."""
    if not users:
        return set()
    return set(tx.execute(_HOLDERS[tx.dialect], {"workspace": workspace, "users": sorted(set(users))}).scalars())


def list_every_live_in_queue(tx: Tx, workspace: str, queue: str) -> list[Handoff]:
    """Return every unfinished handoff in a queue, by number."""
    return _many(tx, _LIVE_IN_QUEUE, workspace=workspace, queue=queue)


def list_live_after(tx: Tx, last_id: str, limit: int) -> list[Handoff]:
    """Return a page of the unfinished handoffs of all workspaces, by id, after `last_id`."""
    return _many(tx, _LIVE, last_id=last_id, limit=limit)


def list_live_about_record(tx: Tx, workspace: str, record: str, limit: int) -> list[Handoff]:
    """Return the unfinished handoffs about a record, newest first."""
    return _many(tx, _LIVE_ON, workspace=workspace, record=record, limit=limit)


def list_about_record(tx: Tx, workspace: str, record: str, limit: int) -> list[Handoff]:
    """Return all handoffs about a record except deleted ones, newest first."""
    return _many(tx, _LAST_ON, workspace=workspace, record=record, limit=limit)


def list_erasable(tx: Tx, now: datetime, limit: int) -> list[Handoff]:
    """Return finished handoffs of all workspaces whose contents are due for removal, longest overdue first."""
    return _many(tx, _ERASABLE, now=now, limit=limit)


def next_erasure_at(tx: Tx) -> datetime | None:
    """Return the earliest instant at which contents are due for removal, possibly in the past; None if none."""
    return tx.execute(_NEXT_ERASURE).scalar_one_or_none()


def count_open_by_queue(tx: Tx, workspace: str, *, reader: str | None = None) -> dict[str, int]:
    """Return the number of open handoffs, by queue key. Queues without any are left out.

    With a `reader`: without the private ones that this person is not involved in.
    """
    if reader is None:
        return {row.queue: row.waiting for row in tx.execute(_COUNT_OPEN, {"workspace": workspace})}
    found = tx.execute(_COUNT_OPEN_FOR, {"workspace": workspace, "reader": reader})
    return {row.queue: row.waiting for row in found}


def count_live_by_queue(tx: Tx, workspace: str) -> dict[str, int]:
    """Return the number of unfinished handoffs, by queue key. Queues without any are left out."""
    return {row.queue: row.live for row in tx.execute(_COUNT_LIVE, {"workspace": workspace})}


def _first(tx: Tx, statement: Executable, **parameters: Any) -> Handoff | None:
    row = tx.execute(statement, parameters).first()
    return None if row is None else read_handoff(row)


def _many(tx: Tx, statement: Executable, **parameters: Any) -> list[Handoff]:
    return [read_handoff(row) for row in tx.execute(statement, parameters)]


def _row(handoff: Handoff) -> dict[str, Any]:
    return {name: _value(handoff, name) for name in _COLUMNS}


def _value(handoff: Handoff, name: str) -> Any:
    value = getattr(handoff, name)
    if name == "fields":
        return dict(value)
    return asdict(value) if name == "source" and value else value


def read_handoff(row: Sequence[Any]) -> Handoff:
    """Return a handoff from the values of its row, in the order of `HANDOFF_COLUMNS`."""
    found = dict(zip(HANDOFF_COLUMNS, row, strict=True))
    source = found["source"]
    found["state"] = State(found["state"])
    found["priority"] = Priority(found["priority"])
    found["source"] = Source(**source) if source else None
    found["read_back_mode"] = ReadBackMode(found["read_back_mode"])
    found["read_back"] = ReadBackStatus(found["read_back"]) if found["read_back"] else None
    return construct(Handoff, found)
