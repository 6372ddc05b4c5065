"""How far a workspace is set up: its teams with hours and policies, and whether anything was handed off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import bindparam, select

from storage.company.tables import queues, workspaces
from storage.db.database import Tx
from storage.handoffs.tables import counters

_q: Final = queues.c
_READ: Final = (
    select(workspaces.c.calendar.label("hours"), counters.c.handoffs, _q.key, _q.members, _q.calendar, _q.policy)
    .select_from(
        workspaces.outerjoin(queues, _q.workspace == workspaces.c.id).outerjoin(
            counters, counters.c.workspace == workspaces.c.id
        )
    )
    .where(workspaces.c.id == bindparam("workspace"))
    .order_by(_q.folded, _q.key)
)


@dataclass(frozen=True, kw_only=True)
class TeamSetup:
    """A queue as far as it is set up: whether it has members, hours of its own, and a policy."""

    key: str
    has_members: bool
    has_hours: bool
    has_policy: bool


@dataclass(frozen=True, kw_only=True)
class SetupFacts:
    """The queues of a workspace by name, whether it has hours for all of them, and whether anything was handed off."""

    teams: tuple[TeamSetup, ...] = ()
    has_hours: bool = False
    has_handoffs: bool = False


def get(tx: Tx, workspace: str) -> SetupFacts:
    """Return how far a workspace is set up."""
    rows = tx.execute(_READ, {"workspace": workspace}).all()
    if not rows:
        return SetupFacts()
    return SetupFacts(
        teams=tuple(
            TeamSetup(
                key=row.key,
                has_members=bool(row.members),
                has_hours=row.calendar is not None,
                has_policy=row.policy is not None,
            )
            for row in rows
            if row.key is not None
        ),
        has_hours=rows[0].hours is not None,
        has_handoffs=bool(rows[0].handoffs),
    )
