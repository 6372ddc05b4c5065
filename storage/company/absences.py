"""Absences that people set themselves: until when, and who covers for them meanwhile."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Executable, bindparam, func, select, text

from storage.company.model import Person
from storage.company.tables import people
from storage.db.database import Tx

_p: Final = people.c
_all: Final = select(*(people.c[field.name] for field in fields(Person)))
_absent: Final = text("absent_until IS NOT NULL")
_here: Final = _p.workspace == bindparam("in_workspace")
_since: Final = bindparam("since", type_=_p.absent_since.type)
_until: Final = bindparam("until", type_=_p.absent_until.type)
_SET: Final = (
    people.update()
    .where(_here, _p.id == bindparam("of_id"))
    .values(absent_since=_since, absent_until=_until, cover=bindparam("by"))
)
_OVER: Final = (
    _all.where(_absent, _p.absent_until <= bindparam("now", type_=_p.absent_until.type))
    .order_by(_p.absent_until, _p.workspace, _p.id)
    .limit(1)
    .with_for_update(skip_locked=True)
)
_NEXT: Final = select(func.min(_p.absent_until)).where(_absent)
_LOCK: Final = _all.where(_here, _p.id == bindparam("of_id")).with_for_update()
_COVERED: Final = _all.where(_here, _absent, _p.cover.is_not(None)).order_by(_p.id)


def put(tx: Tx, workspace: str, user: str, *, since: datetime, until: datetime, cover: str | None) -> None:
    """Set a person away. Does nothing for a person who is not stored."""
    tx.execute(_SET, {"in_workspace": workspace, "of_id": user, "since": since, "until": until, "by": cover})


def remove(tx: Tx, workspace: str, user: str) -> None:
    """End a person's absence."""
    tx.execute(_SET, {"in_workspace": workspace, "of_id": user, "since": None, "until": None, "by": None})


def get_locked(tx: Tx, workspace: str, user: str) -> Person | None:
    """Return a person, locked against another change of their absence until the transaction ends."""
    return next(iter(_many(tx, _LOCK, in_workspace=workspace, of_id=user)), None)


def get_next_over_locked(tx: Tx, now: datetime) -> Person | None:
    """Return a person whose absence has ended by `now`, locked; None if there is none.

    On PostgreSQL people whom another transaction has locked are skipped.
    """
    return next(iter(_many(tx, _OVER, now=now)), None)


def next_end_at(tx: Tx) -> datetime | None:
    """Return when the next absence ends, possibly in the past; None if nobody is away."""
    return tx.execute(_NEXT).scalar_one_or_none()


def list_covered(tx: Tx, workspace: str) -> list[Person]:
    """Return everybody who is away and for whom somebody covers, by id."""
    return _many(tx, _COVERED, in_workspace=workspace)


def _many(tx: Tx, statement: Executable, **parameters: Any) -> list[Person]:
    return [Person(**row) for row in tx.execute(statement, parameters).mappings()]
