"""People, user groups and channels, as last read from Slack. Decisions read them here and never ask Slack."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, func, or_, select, text

from storage.company.folding import folded
from storage.company.model import Channel, Group, Person, PersonalSettings
from storage.company.tables import channels, people, user_groups
from storage.db import bulk
from storage.db.database import Tx
from storage.db.fast_records import construct
from storage.db.upsert import upsert

_KEY: Final = ("workspace", "id")
PERSON_COLUMNS: Final = tuple(field.name for field in fields(Person))
"""The columns of the `Person` record."""
_CHANNEL: Final = tuple(field.name for field in fields(Channel))
_p: Final = people.c
_stored: Final = tuple(people.c[name] for name in PERSON_COLUMNS)
_g: Final = user_groups.c
_c: Final = channels.c
UNNAMED_CHANNEL: Final = "private-channel"
"""What Slack calls a private channel that is mentioned to somebody who is not in it."""
_GROUP_PREFIX: Final = "S"
"""First letter of user group ids in Slack; user ids begin with U or W."""

_MANY: Final = {
    name: select(*_stored).where(_p.workspace == bindparam("workspace"), these)
    for name, these in bulk.one_of_parameter(_p.id).items()
}
_GET: Final = select(*_stored).where(_p.workspace == bindparam("workspace"), _p.id == bindparam("id"))
KEPT: Final = (
    "manager", "calendar", "dm_channel", "dnd_from", "dnd_until", "absent_since", "absent_until", "cover", "settings",
)  # fmt: skip
"""Columns that Slack's user objects do not contain."""
_PUT: Final = upsert(
    people,
    _KEY,
    [*(name for name in PERSON_COLUMNS if name not in {*_KEY, *KEPT}), "folded"],
    otherwise=lambda new: {name: func.coalesce(new[name], _p[name]) for name in KEPT},
)
_BY_THE_HUNDRED: Final = tuple(name for name in PERSON_COLUMNS if name != "settings")
"""What `put_many` writes: people choose their settings one by one."""
_PUT_MANY: Final = upsert(
    people,
    _KEY,
    [*(name for name in PERSON_COLUMNS if name not in {*_KEY, *KEPT}), "folded"],
    otherwise=lambda new: {name: func.coalesce(new[name], _p[name]) for name in KEPT if name in _BY_THE_HUNDRED},
    inserts=bulk.insert(people, [*_BY_THE_HUNDRED, "folded"]),
)
_this: Final = (_p.workspace == bindparam("in_workspace"), _p.id == bindparam("of_id"))
_MANAGER: Final = people.update().where(*_this).values(manager=bindparam("manager"))
_CALENDAR: Final = people.update().where(*_this).values(calendar=bindparam("of_calendar"))
_DM: Final = people.update().where(*_this).values(dm_channel=bindparam("dm_channel"))
_DND: Final = (
    people.update()
    .where(*_this)
    .values(dnd_from=bindparam("since", type_=_p.dnd_from.type), dnd_until=bindparam("until", type_=_p.dnd_until.type))
)
_SETTINGS: Final = people.update().where(*_this).values(settings=bindparam("chosen", type_=_p.settings.type))
_GROUPS: Final = select(_g.id, _g.members).where(
    _g.workspace == bindparam("workspace"), _g.id.in_(bindparam("ids", expanding=True))
)
_ALL_GROUPS: Final = select(_g.id, _g.handle, _g.name, _g.members).where(_g.workspace == bindparam("workspace"))
_PUT_GROUP: Final = upsert(user_groups, _KEY, ["handle", "name", "members", "seen_at"])
_SET_MEMBERS: Final = (
    user_groups.update()
    .where(_g.workspace == bindparam("in_workspace"), _g.id == bindparam("of_id"))
    .values(members=bindparam("users", type_=_g.members.type), seen_at=bindparam("at", type_=_g.seen_at.type))
)
_HANDLES: Final = select(_g.id, _g.handle).where(
    _g.workspace == bindparam("workspace"), _g.id.in_(bindparam("ids", expanding=True))
)
_SEARCH_GROUPS: Final = (
    select(_g.id, _g.handle)
    .where(
        _g.workspace == bindparam("workspace"),
        or_(
            func.lower(_g.handle).like(bindparam("pattern"), escape="\\"),
            func.lower(_g.name).like(bindparam("pattern"), escape="\\"),
        ),
    )
    .order_by(_g.handle, _g.id)
    .limit(bindparam("limit"))
)
_CHANNEL_NAMES: Final = select(_c.id, _c.name, _c.is_private).where(
    _c.workspace == bindparam("workspace"), _c.id.in_(bindparam("ids", expanding=True))
)
_CHANNELS: Final = select(channels).where(
    _c.workspace == bindparam("workspace"), _c.id.in_(bindparam("ids", expanding=True))
)
_GET_CHANNEL: Final = select(channels).where(_c.workspace == bindparam("workspace"), _c.id == bindparam("id"))
_PUT_CHANNEL: Final = upsert(channels, _KEY, [name for name in _CHANNEL if name not in _KEY])

_COVERED_BY: Final = select(*_stored).where(
    _p.workspace == bindparam("workspace"), text("absent_until IS NOT NULL"), _p.cover == bindparam("cover")
)
_NAMED: Final = (
    select(_p.id)
    .where(
        _p.workspace == bindparam("workspace"),
        or_(_p.folded.like(bindparam("beginning")), _p.folded.like(bindparam("later"))),
    )
    .order_by(_p.id)
    .limit(bindparam("limit"))
)
_UNFOLDED: Final = select(_p.workspace, _p.id, _p.name).where(_p.folded.is_(None)).limit(bindparam("limit"))
_FOLD: Final = (
    people.update()
    .where(_p.workspace == bindparam("in_workspace"), _p.id == bindparam("of_id"))
    .values(folded=bindparam("words"))
)
_MANAGERS: Final = (
    select(_p.id, _p.manager).where(_p.workspace == bindparam("workspace"), _p.manager.is_not(None)).order_by(_p.id)
)
_OWN_CALENDARS: Final = (
    select(_p.id, _p.calendar).where(_p.workspace == bindparam("workspace"), _p.calendar.is_not(None)).order_by(_p.id)
)


def get(tx: Tx, workspace: str, user: str) -> Person | None:
    """Return a person by id, or None."""
    row = tx.execute(_GET, {"workspace": workspace, "id": user}).mappings().first()
    return None if row is None else Person(**row)


def get_many(tx: Tx, workspace: str, users: Iterable[str]) -> dict[str, Person]:
    """Return several people, by id. Unknown ids are left out."""
    wanted = list(users)
    if not wanted:
        return {}
    rows = tx.execute(_MANY[tx.dialect], {"workspace": workspace, "ids": wanted})
    return {row.id: construct(Person, dict(zip(PERSON_COLUMNS, row, strict=True))) for row in rows}


def put(tx: Tx, person: Person) -> None:
    """Insert or update a person. What `set_*` functions stored is kept where the new value is None."""
    tx.execute(_PUT[tx.dialect], _row(person))


def put_many(tx: Tx, persons: Iterable[Person]) -> None:
    """Insert or update several people, each once, as `put` does: one statement. Their settings stay."""
    rows = [_row(person) for person in persons]
    bulk.execute(tx, _PUT_MANY, [{name: row[name] for name in (*_BY_THE_HUNDRED, "folded")} for row in rows])


def _row(person: Person) -> dict[str, Any]:
    return {**{name: getattr(person, name) for name in PERSON_COLUMNS}, "folded": folded(person.name)}


def set_manager(tx: Tx, workspace: str, user: str, manager: str | None) -> None:
    """Set a person's manager. Does nothing for a person who is not stored."""
    tx.execute(_MANAGER, {"in_workspace": workspace, "of_id": user, "manager": manager})


def set_calendar(tx: Tx, workspace: str, user: str, calendar: str | None) -> None:
    """Set the key of a person's own calendar. Does nothing for a person who is not stored."""
    tx.execute(_CALENDAR, {"in_workspace": workspace, "of_id": user, "of_calendar": calendar})


def set_dm_channel(tx: Tx, workspace: str, user: str, channel: str | None) -> None:
    """Set the channel of Baton's DM with a person. Does nothing for a person who is not stored."""
    tx.execute(_DM, {"in_workspace": workspace, "of_id": user, "dm_channel": channel})


def set_dnd(tx: Tx, workspace: str, user: str, since: datetime | None, until: datetime | None) -> None:
    """Set a person's current or next Do Not Disturb period. Does nothing for a person who is not stored."""
    tx.execute(_DND, {"in_workspace": workspace, "of_id": user, "since": since, "until": until})


def set_settings(tx: Tx, workspace: str, user: str, settings: PersonalSettings) -> None:
    """Set how a person gets messages. Does nothing for a person who is not stored."""
    tx.execute(_SETTINGS, {"in_workspace": workspace, "of_id": user, "chosen": settings})


def get_managers(tx: Tx, workspace: str) -> dict[str, str]:
    """Return each person's manager, by the person's id; people without one are left out."""
    return {row[0]: row[1] for row in tx.execute(_MANAGERS, {"workspace": workspace})}


def get_own_calendars(tx: Tx, workspace: str) -> dict[str, str]:
    """Return the calendar keys of people who have their own calendar, by the person's id."""
    return {row[0]: row[1] for row in tx.execute(_OWN_CALENDARS, {"workspace": workspace})}


def list_covered_by(tx: Tx, workspace: str, user: str) -> list[Person]:
    """Return the people who are away and for whom this person covers."""
    return [Person(**row) for row in tx.execute(_COVERED_BY, {"workspace": workspace, "cover": user}).mappings()]


def list_named(tx: Tx, workspace: str, word: str, limit: int) -> list[str]:
    """Return the ids of people who have a name that begins with this folded word (see `storage.company.folding`)."""
    wanted = {"workspace": workspace, "beginning": f"{word}%", "later": f"% {word}%", "limit": limit}
    return list(tx.execute(_NAMED, wanted).scalars())


def fold_names(tx: Tx, limit: int) -> int:
    """Fold the names of people of all workspaces who were stored before names were; return how many were left."""
    found = tx.execute(_UNFOLDED, {"limit": limit}).all()
    for row in found:
        tx.execute(_FOLD, {"in_workspace": row.workspace, "of_id": row.id, "words": folded(row.name)})
    return len(found)


def get_names(tx: Tx, workspace: str, ids: Iterable[str]) -> dict[str, str]:
    """Return the stored names of people, user groups and channels, by id; a private channel's is not told."""
    wanted = {"workspace": workspace, "ids": sorted(set(ids))}
    found = {user: person.name for user, person in get_many(tx, workspace, wanted["ids"]).items()}
    found |= {row.id: row.handle for row in tx.execute(_HANDLES, wanted)}
    return found | {
        row.id: UNNAMED_CHANNEL if row.is_private else row.name for row in tx.execute(_CHANNEL_NAMES, wanted)
    }


def get_group_members(tx: Tx, workspace: str, group: str) -> tuple[str, ...]:
    """Return the user ids of a user group's members; empty if the group is not stored."""
    return _members(tx, workspace, [group]).get(group, ())


def list_groups(tx: Tx, workspace: str) -> dict[str, Group]:
    """Return every stored user group, by id."""
    rows = tx.execute(_ALL_GROUPS, {"workspace": workspace})
    return {
        row.id: Group(workspace=workspace, id=row.id, handle=row.handle, name=row.name, members=tuple(row.members))
        for row in rows
    }


def get_groups(tx: Tx, workspace: str, refs: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return the members of the user groups among `refs`, by group id; empty for a group that is not stored."""
    wanted = sorted({ref for ref in refs if ref.startswith(_GROUP_PREFIX)})
    known = _members(tx, workspace, wanted) if wanted else {}
    return {group: known.get(group, ()) for group in wanted}


def get_handles(tx: Tx, workspace: str, refs: Iterable[str]) -> dict[str, str]:
    """Return the handles of the user groups among `refs`, by id. Unknown ids are left out."""
    wanted = sorted({ref for ref in refs if ref.startswith(_GROUP_PREFIX)})
    rows = tx.execute(_HANDLES, {"workspace": workspace, "ids": wanted}) if wanted else ()
    return {row.id: row.handle for row in rows}


def search_groups(tx: Tx, workspace: str, text: str, limit: int) -> dict[str, str]:
    """Return the handles of up to `limit` user groups whose handle or name contains the text, by id."""
    wanted = text.strip().lstrip("@").lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    rows = tx.execute(_SEARCH_GROUPS, {"workspace": workspace, "pattern": f"%{wanted}%", "limit": limit})
    return {row.id: row.handle for row in rows}


def put_group(  # noqa: PLR0917 - a group is these words, in this order
    tx: Tx, workspace: str, group_id: str, handle: str, name: str, members: Iterable[str], now: datetime
) -> None:
    """Insert or update a user group."""
    row = {"workspace": workspace, "id": group_id, "handle": handle, "name": name}
    tx.execute(_PUT_GROUP[tx.dialect], {**row, "members": list(members), "seen_at": now})


def set_group_members(tx: Tx, workspace: str, group_id: str, members: Iterable[str], now: datetime) -> bool:
    """Set a user group's members. Returns False, and stores nothing, if the group is not stored."""
    row = {"in_workspace": workspace, "of_id": group_id, "users": list(members), "at": now}
    return bool(tx.execute(_SET_MEMBERS, row).rowcount)


def expand_groups(tx: Tx, workspace: str, refs: Iterable[str]) -> tuple[str, ...]:
    """Return `refs` with user groups replaced by their members, in order and without duplicates."""
    listed = list(refs)
    return with_members(listed, get_groups(tx, workspace, listed))


def is_group(ref: str) -> bool:
    """Return whether an id is that of a user group."""
    return ref.startswith(_GROUP_PREFIX)


def with_members(refs: Iterable[str], members: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Return `refs` with user groups replaced by the given `members`, in order and without duplicates."""
    people_of = (members.get(ref, ()) if ref.startswith(_GROUP_PREFIX) else (ref,) for ref in refs)
    return tuple(dict.fromkeys(user for users in people_of for user in users))


def get_channel(tx: Tx, workspace: str, channel_id: str) -> Channel | None:
    """Return a channel by id, or None."""
    row = tx.execute(_GET_CHANNEL, {"workspace": workspace, "id": channel_id}).mappings().first()
    return None if row is None else Channel(**row)


def get_channels(tx: Tx, workspace: str, channel_ids: Iterable[str]) -> dict[str, Channel]:
    """Return several channels, by id. Unknown ids are left out."""
    rows = tx.execute(_CHANNELS, {"workspace": workspace, "ids": sorted(set(channel_ids))}).mappings()
    return {row["id"]: Channel(**row) for row in rows}


def put_channel(tx: Tx, stored: Channel) -> None:
    """Insert or update a channel."""
    row: dict[str, Any] = {name: getattr(stored, name) for name in _CHANNEL}
    tx.execute(_PUT_CHANNEL[tx.dialect], row)


def _members(tx: Tx, workspace: str, groups: list[str]) -> dict[str, tuple[str, ...]]:
    rows = tx.execute(_GROUPS, {"workspace": workspace, "ids": groups})
    return {row.id: tuple(row.members) for row in rows}
