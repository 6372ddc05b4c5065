"""The choice of the next messages in the database: what is in flight, what waits, round by round."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from storage.db.database import Tx
from storage.outbox.leasing import LEASED_ROWS, WAITING_ROWS
from storage.outbox.model import Candidate, SlackMethod
from storage.outbox.pacing import LONGEST_PAUSE, SKEW
from storage.outbox.selection import Selection

_BREADTH: Final = 4
"""Candidate rows read per row requested: several may belong to one handoff, channel or person."""
_ROUNDS: Final = 4
"""How often more candidates are read in one call, if many wait for a channel, person or method that is in use."""


@dataclass(frozen=True, kw_only=True)
class Usage:
    """What is in use: how many messages are in flight, in any process, and until when each bucket is blocked."""

    in_flight: int
    blocked: Mapping[str, datetime]


def choose(tx: Tx, now: datetime, selection: Selection, usage: Usage) -> Mapping[int, Candidate]:
    """Fill a selection with messages that may be sent now; return them by the id of their row."""
    blocked = {name for name, until in usage.blocked.items() if until > now}
    at_once = {"now": now, "blocked": list(blocked)}
    leased = tx.execute(LEASED_ROWS, at_once).mappings().all() if usage.in_flight else []
    for row in leased:
        if not (row["is_over"] and row["may_go"]):
            selection.hold(_candidate(row))
    for row in leased:
        if row["is_over"] and row["may_go"]:
            selection.take(_candidate(row))
    breadth = selection.limit * _BREADTH
    for _ in range(_ROUNDS):
        names = [*sorted(blocked | selection.held)]
        found = tx.execute(WAITING_ROWS, {**at(now), "blocked": names, "breadth": breadth}).mappings().all()
        selection.consider([_candidate(row) for row in found])
        if selection.full or len(found) < breadth:
            break
    return selection.chosen


def _candidate(row: Mapping[Any, Any]) -> Candidate:
    return Candidate(
        id=row["id"],
        workspace=row["workspace"],
        key=row["key"],
        handoff_id=row["handoff_id"],
        method=SlackMethod(row["method"]),
        lane=row["lane"],
        webhook=row["webhook"],
        opens_dm=bool(row["opens_dm"]),
        is_unsure=bool(row["is_unsure"]),
        in_thread=bool(row["in_thread"]),
        reply_to=row["reply_to"],
        is_first_card=bool(row["is_first_card"]),
    )


def at(now: datetime) -> dict[str, datetime]:
    """Return an instant as the parameters of statements about rows that rest after a failed try."""
    return {"now": now, "horizon": now + LONGEST_PAUSE + SKEW}
