"""Read models of a Home tab."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from slackapp.capability import HomePart
from slackapp.handoffs.model import HandoffDetails
from storage.clocks.home_lists import Covered, TeamCounts
from storage.company.model import Queue
from storage.outbox.model import OpenHome


class HomeList(StrEnum):
    """The lists of a Home tab."""

    NEEDS = "needs"
    YOURS = "yours"
    SENT = "sent"


@dataclass(frozen=True, kw_only=True)
class CoveredWork:
    """A handoff that needs somebody who is away, for whom the person covers."""

    details: HandoffDetails
    absent: Covered


@dataclass(frozen=True, kw_only=True)
class Work:
    """A person's unfinished work, each handoff in one list, in the order in which it is shown."""

    needs: tuple[HandoffDetails, ...] = ()
    """What waits for them: offers, questions, what was sent back, what is late, read-backs."""
    covering: tuple[CoveredWork, ...] = ()
    """What waits for the people for whom they cover, and for nothing of theirs."""
    yours: tuple[HandoffDetails, ...] = ()
    sent: tuple[HandoffDetails, ...] = ()
    next_at: datetime | None = None
    """The next deadline that passes."""

    def of(self, section: HomeList) -> tuple[HandoffDetails, ...]:
        """Return one of the lists."""
        return {HomeList.NEEDS: self.needs, HomeList.YOURS: self.yours, HomeList.SENT: self.sent}[section]


@dataclass(frozen=True, kw_only=True)
class TeamRow:
    """A team of the person, with its counts."""

    queue: Queue
    counts: TeamCounts


@dataclass(frozen=True, kw_only=True)
class DrawnPart:
    """A part that another package adds, with what it read."""

    part: HomePart[Any]
    scene: Any


@dataclass(frozen=True, kw_only=True)
class HomeScene:
    """Everything that a Home tab is drawn from."""

    home: OpenHome
    is_known: bool = True
    """Whether the directory knows the person; if not, nothing is shown until it does."""
    parts: tuple[DrawnPart, ...] = ()
    work: Work = Work()
    teams: tuple[TeamRow, ...] = ()
    """Those with unassigned work first."""
    covered: tuple[Covered, ...] = ()
    """The people for whom the person covers."""
