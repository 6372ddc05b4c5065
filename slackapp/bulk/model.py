"""Read models: the rows of a form for several handoffs, a run with its results, and the scenes of its messages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from slackapp.handoffs.model import HandoffDetails
from storage.bulk.model import BulkRow, BulkRun
from storage.company.model import Queue
from storage.handoffs.lifecycle import Actor

OFFERED = "offered"
"""The capacity of a person whom a run offers a handoff to; the others are those of `ChangeRecipient`."""
COVER = "cover"
"""The capacity of who covers for that person while they are away."""
TEAM = "team"
"""The capacity of a team whose channel a run's message goes to."""


@dataclass(frozen=True, kw_only=True)
class Listed:
    """Handoffs to choose from: the first ones of `total`, the longest waiting first."""

    rows: Sequence[HandoffDetails]
    total: int
    now: datetime
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class RunRow:
    """One row of a run with its handoff as it is now; `details` is None if it does not exist any more."""

    row: BulkRow
    details: HandoffDetails | None


@dataclass(frozen=True, kw_only=True)
class SeenRun:
    """A run as its author sees it."""

    run: BulkRun
    rows: Sequence[RunRow]
    now: datetime
    actor: Actor
    queue: Queue | None = None
    """The team that the work is passed on to."""
    names: Mapping[str, str] = field(default_factory=dict)
    """People's names by user id."""

    @property
    def is_finished(self) -> bool:
        """Whether every included row has its result."""
        return self.run.finished_at is not None


@dataclass(frozen=True, kw_only=True)
class ToldRow:
    """A handoff in a run's message to somebody."""

    details: HandoffDetails
    capacity: str
    put_back: bool = False
    """Whether it went back to the team that it was in."""


@dataclass(frozen=True, kw_only=True)
class BulkScene:
    """What a run's message to a person or a team is drawn from."""

    run: BulkRun
    rows: tuple[ToldRow, ...]
    """Only those that its readers may see."""
    more: Mapping[str, int]
    """How many there are besides `rows`, by capacity."""
    more_put_back: Mapping[str, int]
    """How many of those went back to the team that they were in, by capacity."""
    waiting: int
    """How many of all wait for the reader, or to be claimed in the team."""
    reader: str
    """A user id; empty for a team's channel."""
    posted: bool
    queue: Queue | None = None
    """The team that work was passed on to, or whose channel it is."""
    names: Mapping[str, str] = field(default_factory=dict)
