"""Policies and calendars as stored.

A policy is never overwritten: other contents are a new version, because a running clock keeps the version it started
with. A calendar is overwritten: a change of working hours applies to running clocks too.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from sqlalchemy import bindparam, func, select

from storage.clocks import policy_json
from storage.clocks.model import Calendar, Policy
from storage.clocks.tables import calendars, policies
from storage.company.model import Person, Queue
from storage.company.tables import workspaces
from storage.db.database import Tx
from storage.db.upsert import upsert

_p: Final = policies.c
_c: Final = calendars.c
_here: Final = _p.workspace == bindparam("in_workspace")
_other: Final = policies.alias("other")
_last: Final = (
    select(func.max(_other.c.version))
    .where(_other.c.workspace == _p.workspace, _other.c.key == _p.key)
    .scalar_subquery()
)
_VERSION: Final = select(policies).where(_here, _p.key == bindparam("of_key"), _p.version == bindparam("number"))
_LAST: Final = select(policies).where(_here, _p.key == bindparam("of_key")).order_by(_p.version.desc()).limit(1)
_ALL: Final = select(policies).where(_here, _p.version == _last, _p.removed.is_(False)).order_by(_p.key)
_VERSIONS: Final = select(policies).where(_here).order_by(_p.key, _p.version)
_ADD: Final = policies.insert()
_SET_REMOVED: Final = policies.update().where(_here, _p.key == bindparam("of_key")).values(removed=bindparam("gone"))
_CALENDARS: Final = select(calendars).where(_c.workspace == bindparam("in_workspace")).order_by(_c.key)
_CALENDAR: Final = _CALENDARS.where(_c.key == bindparam("of_key"))
_OF_WORKSPACE: Final = (
    select(calendars)
    .join(workspaces, (workspaces.c.id == _c.workspace) & (workspaces.c.calendar == _c.key))
    .where(_c.workspace == bindparam("in_workspace"))
)
_PUT_CALENDAR: Final = upsert(calendars, ["workspace", "key"], ["content"])
_REMOVE_CALENDAR: Final = calendars.delete().where(
    _c.workspace == bindparam("in_workspace"), _c.key == bindparam("of_key")
)


def get_policy(tx: Tx, workspace: str, key: str, version: int | None = None) -> Policy | None:
    """Return a policy: its latest version unless it was removed, or the given version even then; None otherwise."""
    parameters = {"in_workspace": workspace, "of_key": key}
    if version is not None:
        row = tx.execute(_VERSION, {**parameters, "number": version}).first()
        return None if row is None else _policy(row)
    row = tx.execute(_LAST, parameters).first()
    return None if row is None or row.removed else _policy(row)


def list_policies(tx: Tx, workspace: str) -> list[Policy]:
    """Return the latest version of every policy that was not removed, by key."""
    return [_policy(row) for row in tx.execute(_ALL, {"in_workspace": workspace})]


def list_versions(tx: Tx, workspace: str) -> list[Policy]:
    """Return every version of every policy of a workspace, removed ones too."""
    return [_policy(row) for row in tx.execute(_VERSIONS, {"in_workspace": workspace})]


def put_policy(tx: Tx, wanted: Policy) -> Policy:
    """Store a policy and return it with its version: a new version only if its contents have changed."""
    content = policy_json.policy_to_json(wanted)
    last = tx.execute(_LAST, {"in_workspace": wanted.workspace, "of_key": wanted.key}).first()
    if last is not None and last.content == content:
        if last.removed:
            _set_removed(tx, wanted.workspace, wanted.key, gone=False)
        return replace(wanted, version=last.version)
    stored = replace(wanted, version=last.version + 1 if last is not None else 1)
    row = {"workspace": stored.workspace, "key": stored.key, "version": stored.version}
    tx.execute(_ADD, {**row, "content": content, "removed": False})
    return stored


def remove_policy(tx: Tx, workspace: str, key: str) -> None:
    """Mark a policy as removed. Its versions stay for the clocks that use them."""
    _set_removed(tx, workspace, key, gone=True)


def get_calendar(tx: Tx, workspace: str, key: str) -> Calendar | None:
    """Return a calendar by key, or None."""
    row = tx.execute(_CALENDAR, {"in_workspace": workspace, "of_key": key}).first()
    return None if row is None else policy_json.calendar_from_json(row.workspace, row.key, row.content)


def get_calendar_of_queue(tx: Tx, queue: Queue) -> Calendar | None:
    """Return the calendar of a queue's clocks: its own, else the workspace's; None is around the clock."""
    if queue.calendar is not None:
        return get_calendar(tx, queue.workspace, queue.calendar)
    row = tx.execute(_OF_WORKSPACE, {"in_workspace": queue.workspace}).first()
    return None if row is None else policy_json.calendar_from_json(row.workspace, row.key, row.content)


def get_calendar_of_person(tx: Tx, person: Person | None) -> Calendar | None:
    """Return a person's own working hours, or None if they have none."""
    return get_calendar(tx, person.workspace, person.calendar) if person and person.calendar else None


def list_calendars(tx: Tx, workspace: str) -> list[Calendar]:
    """Return every calendar of a workspace, by key."""
    rows = tx.execute(_CALENDARS, {"in_workspace": workspace})
    return [policy_json.calendar_from_json(row.workspace, row.key, row.content) for row in rows]


def put_calendar(tx: Tx, wanted: Calendar) -> None:
    """Insert or update a calendar."""
    row = {"workspace": wanted.workspace, "key": wanted.key, "content": policy_json.calendar_to_json(wanted)}
    tx.execute(_PUT_CALENDAR[tx.dialect], row)


def remove_calendar(tx: Tx, workspace: str, key: str) -> None:
    """Delete a calendar."""
    tx.execute(_REMOVE_CALENDAR, {"in_workspace": workspace, "of_key": key})


def _set_removed(tx: Tx, workspace: str, key: str, *, gone: bool) -> None:
    tx.execute(_SET_REMOVED, {"in_workspace": workspace, "of_key": key, "gone": gone})


def _policy(row: Any) -> Policy:
    return policy_json.policy_from_json(row.workspace, row.key, row.version, row.content)
