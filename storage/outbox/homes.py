"""Home tabs that people have open: who looks, until when they are kept current, and what each of them shows.

Slack says when a person opens their Home tab, and never when they leave it. A Home tab counts as open for
`OPEN_FOR` after it was opened. It shows the work of its subjects: the person, the teams that they belong to, and the
people for whom they cover.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import bindparam, select

from storage.db import bulk
from storage.db.database import Tx
from storage.db.upsert import upsert
from storage.outbox import outbox
from storage.outbox.model import OpenHome, home_of
from storage.outbox.tables import home_subjects, homes

OPEN_FOR: Final = timedelta(minutes=10)
"""How long a Home tab is kept current after a person opened it."""
_TEAM: Final = "team:"
_PERSON: Final = "@"
"""No key of a team begins like this."""
_h: Final = homes.c
_s: Final = home_subjects.c
_this: Final = (_h.workspace == bindparam("in_workspace"), _h.user == bindparam("of_user"))
_GET: Final = select(homes).where(*_this)
_PUT: Final = upsert(homes, ["workspace", "user"], ["opened_at", "open_until", "view_hash", "digest", "teams"])
_SHOWN: Final = homes.update().where(*_this).values(view_hash=bindparam("shown_hash"), digest=bindparam("of_digest"))
_TEAMS: Final = homes.update().where(*_this).values(teams=bindparam("of_teams", type_=_h.teams.type))
_CLOSE: Final = homes.update().where(*_this).values(open_until=bindparam("until", type_=_h.open_until.type))
_FORGET_SUBJECTS: Final = home_subjects.delete().where(
    _s.workspace == bindparam("in_workspace"), _s.user == bindparam("of_user")
)
_ADD_SUBJECTS: Final = bulk.insert(home_subjects, ["workspace", "subject", "user", "open_until"])
_now: Final = bindparam("now", type_=_s.open_until.type)
_OPEN: Final = {
    name: select(_s.user).where(_s.workspace == bindparam("in_workspace"), these, _s.open_until > _now).distinct()
    for name, these in bulk.one_of_parameter(_s.subject, "subjects").items()
}
_ALL_OPEN: Final = select(_s.user).where(_s.workspace == bindparam("in_workspace"), _s.open_until > _now).distinct()
_PURGE: Final = tuple(
    table.delete().where(table.c.open_until <= bindparam("before", type_=table.c.open_until.type))
    for table in (home_subjects, homes)
)


def covered_by_reader(user: str) -> str:
    """Return what stands among the teams of a Home tab for a person for whom its reader covers."""
    return f"{_PERSON}{user}"


def _subject(shown: str) -> str:
    return shown.removeprefix(_PERSON) if shown.startswith(_PERSON) else team_subject(shown)


def team_subject(queue: str) -> str:
    """Return the subject of Home tabs that show this team."""
    return f"{_TEAM}{queue}"


def get(tx: Tx, workspace: str, user: str) -> OpenHome | None:
    """Return a person's Home tab, open or not; None if they never opened it."""
    row = tx.execute(_GET, {"in_workspace": workspace, "of_user": user}).mappings().first()
    return None if row is None else OpenHome(**{**row, "teams": tuple(row["teams"])})


def put(tx: Tx, home: OpenHome) -> None:
    """Store a Home tab that was opened, with its subjects."""
    row: dict[str, Any] = {column.name: getattr(home, column.name) for column in homes.columns}
    tx.execute(_PUT[tx.dialect], {**row, "teams": list(home.teams)})
    _put_subjects(tx, home)


def set_shown(tx: Tx, home: OpenHome, *, view_hash: str | None, digest: str | None) -> None:
    """Store what Slack shows of a Home tab now; None for what is not known."""
    wanted = {"in_workspace": home.workspace, "of_user": home.user}
    tx.execute(_SHOWN, {**wanted, "shown_hash": view_hash, "of_digest": digest})


def set_teams(tx: Tx, home: OpenHome) -> None:
    """Store the teams that an open Home tab shows, which are among its subjects."""
    tx.execute(_TEAMS, {"in_workspace": home.workspace, "of_user": home.user, "of_teams": list(home.teams)})
    _put_subjects(tx, home)


def close(tx: Tx, home: OpenHome, now: datetime) -> None:
    """Store that a Home tab is not kept current any more, until it is opened again."""
    tx.execute(_CLOSE, {"in_workspace": home.workspace, "of_user": home.user, "until": min(now, home.open_until)})
    tx.execute(_FORGET_SUBJECTS, {"in_workspace": home.workspace, "of_user": home.user})


def list_open(tx: Tx, workspace: str, subjects: Collection[str], now: datetime) -> list[str]:
    """Return the people whose open Home tab shows one of these subjects."""
    if not subjects:
        return []
    wanted = {"in_workspace": workspace, "subjects": sorted(set(subjects)), "now": now}
    return sorted(tx.execute(_OPEN[tx.dialect], wanted).scalars())


def redraw(tx: Tx, workspace: str, subjects: Iterable[str], now: datetime) -> None:
    """Draw the open Home tabs again that show one of these subjects: people's ids, and `team_subject` of teams."""
    outbox.put(tx, [home_of(workspace, user) for user in list_open(tx, workspace, list(subjects), now)], now)


def redraw_all(tx: Tx, workspace: str, now: datetime) -> None:
    """Draw every open Home tab of a workspace again, after a change that may concern any of them."""
    users = tx.execute(_ALL_OPEN, {"in_workspace": workspace, "now": now}).scalars()
    outbox.put(tx, [home_of(workspace, user) for user in sorted(users)], now)


def remove_before(tx: Tx, before: datetime) -> int:
    """Delete what is stored of Home tabs that are not open since an instant; return how many rows."""
    return sum(tx.execute(one, {"before": before}).rowcount for one in _PURGE)


def _put_subjects(tx: Tx, home: OpenHome) -> None:
    tx.execute(_FORGET_SUBJECTS, {"in_workspace": home.workspace, "of_user": home.user})
    subjects = [home.user, *map(_subject, home.teams)]
    rows = [
        {"workspace": home.workspace, "subject": subject, "user": home.user, "open_until": home.open_until}
        for subject in sorted(set(subjects))
    ]
    bulk.execute(tx, _ADD_SUBJECTS, rows)
