"""What needs a person, and the order of their lists."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

from slackapp.handoffs.model import HandoffDetails
from slackapp.handoffs.rules.needs import need_of
from slackapp.handoffs.rules.next_deadline import next_deadline
from slackapp.home.model import CoveredWork, TeamRow, Work
from storage.clocks.home_lists import Covered
from storage.handoffs.model import Handoff

_NEVER: Final = datetime.max.replace(tzinfo=UTC)


def sorted_work(found: Iterable[HandoffDetails], user: str, now: datetime, covered: Iterable[Covered] = ()) -> Work:
    """Put each of a person's unfinished handoffs into one list: what needs them, what they own, what they sent.

    Of the people for whom they cover, what needs these; nothing else of theirs.
    """
    absent = {one.id: one for one in covered}
    needs: list[tuple[int, datetime, int, HandoffDetails]] = []
    covering: list[tuple[int, datetime, int, CoveredWork]] = []
    yours: list[tuple[datetime, int, HandoffDetails]] = []
    sent: list[tuple[datetime, int, HandoffDetails]] = []
    coming: list[datetime] = []
    for details in found:
        handoff = details.handoff
        due = next_deadline(details)
        at = due.at if due else _NEVER
        if due is not None and due.at > now:
            coming.append(due.at)
        need, theirs = need_of(handoff, user, is_late=at <= now), _first_need(handoff, absent, is_late=at <= now)
        if need is not None:
            needs.append((need, at, handoff.number, details))
        elif theirs is not None:
            work = CoveredWork(details=details, absent=absent[theirs[1]])
            covering.append((theirs[0], at, handoff.number, work))
        elif handoff.owner == user:
            yours.append((at, handoff.number, details))
        elif user in {handoff.sender, handoff.originator}:
            sent.append((at, handoff.number, details))
    return Work(
        needs=tuple(row[-1] for row in sorted(needs, key=lambda row: row[:-1])),
        covering=tuple(row[-1] for row in sorted(covering, key=lambda row: row[:-1])),
        yours=tuple(row[-1] for row in sorted(yours, key=lambda row: row[:-1])),
        sent=tuple(row[-1] for row in sorted(sent, key=lambda row: row[:-1])),
        next_at=min(coming, default=None),
    )


def _first_need(handoff: Handoff, people: Iterable[str], *, is_late: bool) -> tuple[int, str] | None:
    """What the handoff needs most of one of these people, and of whom."""
    needs = ((need_of(handoff, person, is_late=is_late), person) for person in people)
    return min(((need, person) for need, person in needs if need is not None), default=None)


def sorted_teams(teams: Iterable[TeamRow]) -> tuple[TeamRow, ...]:
    """Order teams: those with unassigned work first, then those with late work, then by name."""
    return tuple(sorted(teams, key=lambda row: (-row.counts.unassigned, -row.counts.late, row.queue.name.casefold())))
