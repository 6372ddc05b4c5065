"""What needs a person, and the order of their lists."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

from slackapp.handoffs.model import HandoffDetails
from slackapp.handoffs.rules.needs import need_of
from slackapp.handoffs.rules.next_deadline import next_deadline
from slackapp.home.model import TeamRow, Work

_NEVER: Final = datetime.max.replace(tzinfo=UTC)


def sorted_work(found: Iterable[HandoffDetails], user: str, now: datetime) -> Work:
    """Put each of a person's unfinished handoffs into one list: what needs them, what they own, what they sent."""
    needs: list[tuple[int, datetime, int, HandoffDetails]] = []
    yours: list[tuple[datetime, int, HandoffDetails]] = []
    sent: list[tuple[datetime, int, HandoffDetails]] = []
    coming: list[datetime] = []
    for details in found:
        handoff = details.handoff
        due = next_deadline(details)
        at = due.at if due else _NEVER
        if due is not None and due.at > now:
            coming.append(due.at)
        need = need_of(handoff, user, is_late=at <= now)
        if need is not None:
            needs.append((need, at, handoff.number, details))
        elif handoff.owner == user:
            yours.append((at, handoff.number, details))
        else:
            sent.append((at, handoff.number, details))
    return Work(
        needs=tuple(row[-1] for row in sorted(needs, key=lambda row: row[:-1])),
        yours=tuple(row[-1] for row in sorted(yours, key=lambda row: row[:-1])),
        sent=tuple(row[-1] for row in sorted(sent, key=lambda row: row[:-1])),
        next_at=min(coming, default=None),
    )


def sorted_teams(teams: Iterable[TeamRow]) -> tuple[TeamRow, ...]:
    """Order teams: those with unassigned work first, then those with late work, then by name."""
    return tuple(sorted(teams, key=lambda row: (-row.counts.unassigned, -row.counts.late, row.queue.name.casefold())))
