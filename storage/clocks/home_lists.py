"""The statements of a Home tab: its person, their live work with its timers, and the counts of their teams.

Each reads what belongs to the person, by an index; none reads the ledger.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    Integer,
    Select,
    and_,
    bindparam,
    case,
    cast,
    func,
    null,
    select,
    text,
    union,
    union_all,
)

from storage.clocks.model import ClockKind, Timer
from storage.clocks.tables import timers
from storage.clocks.timers import read_timer
from storage.company.model import Person
from storage.company.people import PERSON_COLUMNS
from storage.company.tables import people, user_groups, workspaces
from storage.db import bulk
from storage.db.database import Tx
from storage.handoffs.handoffs import read_handoff
from storage.handoffs.model import Handoff
from storage.handoffs.tables import CLAIMED, LIVE, OPEN, handoffs
from storage.outbox.model import OpenHome
from storage.outbox.tables import homes

MOST: Final = 200
"""The most handoffs read of each kind (owned, sent, offered), the oldest first; people with more see that they do."""

_h: Final = handoffs.c
_t: Final = timers.c
_p: Final = people.c
_g: Final = user_groups.c
_o: Final = homes.c
_w: Final = workspaces.c

_VIEWER: Final = (
    select(homes, _w.admins, _w.slack_admins, *(people.c[name].label(f"p_{name}") for name in PERSON_COLUMNS))
    .select_from(
        homes.outerjoin(workspaces, _w.id == _o.workspace).outerjoin(
            people, and_(_p.workspace == _o.workspace, _p.id == _o.user)
        )
    )
    .where(_o.workspace == bindparam("in_workspace"), _o.user == bindparam("of_user"))
)
_never: Final = cast(null(), _p.absent_until.type)
_AROUND: Final = {
    name: union_all(
        select(_g.id, _g.members, null().label("name"), _never.label("absent_until")).where(
            _g.workspace == bindparam("in_workspace"), these
        ),
        select(_p.id, null(), null(), _never).where(
            _p.workspace == bindparam("in_workspace"), text("manager IS NOT NULL"), _p.manager == bindparam("of_user")
        ),
        select(_p.id, null(), _p.name, _p.absent_until).where(
            _p.workspace == bindparam("in_workspace"),
            text("absent_until IS NOT NULL"),
            _p.cover == bindparam("of_user"),
        ),
    )
    for name, these in bulk.one_of_parameter(_g.id, "groups").items()
}


def _ids(*conditions: Any) -> Select[Any]:
    found = (
        select(_h.id)
        .where(_h.workspace == bindparam("in_workspace"), *conditions)
        .order_by(_h.number)
        .limit(bindparam("most", type_=Integer))
        .subquery()
    )
    return select(found.c.id)


_user: Final[Any] = bindparam("of_user")
_covered: Final = {of: bulk.one_of_parameter(of, "covered") for of in (_h.owner, _h.offered_to, _h.sender)}
_WORK: Final = {
    name: select(handoffs).where(
        _h.id.in_(
            union(
                _ids(text(CLAIMED), _h.owner == _user),
                _ids(text(OPEN), text("offered_to IS NOT NULL"), _h.offered_to == _user),
                _ids(text(LIVE), _h.sender == _user),
                _ids(text(LIVE), _h.originator == _user),
                _ids(text(CLAIMED), _covered[_h.owner][name]),
                _ids(text(OPEN), text("offered_to IS NOT NULL"), _covered[_h.offered_to][name]),
                _ids(text(LIVE), _covered[_h.sender][name]),
            )
        )
    )
    for name in ("sqlite", "postgresql")
}
_TIMERS: Final = {
    name: select(timers).where(these, text("stopped_at IS NULL"))
    for name, these in bulk.one_of_parameter(_t.handoff_id).items()
}
_now: Final = bindparam("now", type_=_t.deadline_at.type)
# An aggregate, because PostgreSQL answers EXISTS here by reading all timers once.
_first_deadline: Final = (
    select(func.min(_t.deadline_at))
    .where(
        _t.handoff_id == _h.id,
        text("timers.stopped_at IS NULL"),
        _t.running_since.is_not(None),
        _t.clock.in_((ClockKind.CLAIM, ClockKind.FIRST_ACTION, ClockKind.FINISH, ClockKind.RESPOND)),
    )
    .correlate(handoffs)
    .scalar_subquery()
)
_COUNTS: Final = {
    name: select(
        _h.queue,
        func.count().label("live"),
        func.sum(case((and_(text(OPEN), _h.offered_to.is_(None)), 1), else_=0)).label("unassigned"),
        func.sum(case((_first_deadline <= _now, 1), else_=0)).label("late"),
    )
    .where(_h.workspace == bindparam("in_workspace"), text(LIVE), these)
    .group_by(_h.queue)
    for name, these in bulk.one_of_parameter(_h.queue, "queues").items()
}


@dataclass(frozen=True, kw_only=True)
class HomeViewer:
    """A Home tab with its person; None for a person whom the directory does not know."""

    home: OpenHome
    person: Person | None
    admins: tuple[str, ...]
    slack_admins: bool
    """Whether the admins of the Slack workspace are Baton's admins too."""


@dataclass(frozen=True, kw_only=True)
class Covered:
    """A person who is away until an instant, and for whom somebody covers."""

    id: str
    name: str
    until: datetime


@dataclass(frozen=True, kw_only=True)
class Around:
    """Whom a Home tab's reading needs to know besides its person."""

    groups: Mapping[str, tuple[str, ...]]
    """Members of user groups by id."""
    reports: frozenset[str]
    """The people whose manager the person is."""
    covered: tuple[Covered, ...]
    """The people for whom the person covers."""


@dataclass(frozen=True, kw_only=True)
class TeamCounts:
    """The unfinished handoffs of a team: all, those nobody has, and those with a deadline that has passed."""

    live: int = 0
    unassigned: int = 0
    late: int = 0


def get_viewer(tx: Tx, workspace: str, user: str) -> HomeViewer | None:
    """Return a person's Home tab with the person and the workspace's admins; None if they never opened it."""
    row = tx.execute(_VIEWER, {"in_workspace": workspace, "of_user": user}).mappings().first()
    if row is None:
        return None
    home = {column.name: row[column.name] for column in homes.columns}
    person = {name: row[f"p_{name}"] for name in PERSON_COLUMNS}
    return HomeViewer(
        home=OpenHome(**{**home, "teams": tuple(home["teams"])}),
        person=Person(**person) if person["id"] is not None else None,
        admins=tuple(row["admins"] or ()),
        slack_admins=bool(row["slack_admins"]),
    )


def get_around(tx: Tx, workspace: str, groups: Iterable[str], user: str) -> Around:
    """Return the members of these user groups, and the people around a person."""
    wanted = {"in_workspace": workspace, "groups": sorted(set(groups)), "of_user": user}
    rows = tx.execute(_AROUND[tx.dialect], wanted).all()
    return Around(
        groups={row.id: tuple(row.members) for row in rows if row.members is not None},
        reports=frozenset(row.id for row in rows if row.members is None and row.absent_until is None),
        covered=tuple(
            Covered(id=row.id, name=row.name, until=row.absent_until) for row in rows if row.absent_until is not None
        ),
    )


def list_live_work(
    tx: Tx, workspace: str, user: str, covered: Collection[str] = ()
) -> list[tuple[Handoff, tuple[Timer, ...]]]:
    """Return the unfinished handoffs that a person owns, sent, began or is offered, with their live timers.

    Also those that the people for whom they cover own, sent or are offered.
    """
    wanted = {"in_workspace": workspace, "of_user": user, "covered": sorted(covered), "most": MOST}
    found = [read_handoff(row) for row in tx.execute(_WORK[tx.dialect], wanted)]
    if not found:
        return []
    running: dict[str, list[Timer]] = {handoff.id: [] for handoff in found}
    for row in tx.execute(_TIMERS[tx.dialect], {"ids": list(running)}):
        timer = read_timer(row)
        running[timer.handoff_id].append(timer)
    return [(handoff, tuple(running[handoff.id])) for handoff in found]


def count_by_team(tx: Tx, workspace: str, keys: Collection[str], now: datetime) -> dict[str, TeamCounts]:
    """Return the counts of these teams by key; those without unfinished work are left out."""
    if not keys:
        return {}
    rows: Sequence[Any] = tx.execute(
        _COUNTS[tx.dialect], {"in_workspace": workspace, "queues": sorted(keys), "now": now}
    ).all()
    return {
        row.queue: TeamCounts(live=int(row.live), unassigned=int(row.unassigned), late=int(row.late)) for row in rows
    }
