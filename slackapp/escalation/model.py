"""What a due clock says, a digest and a reminder's row, as frozen read models."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from slackapp.handoffs.model import HandoffDetails
from storage.clocks.model import Calendar, Notice, Timer
from storage.company.model import Queue
from storage.handoffs.lifecycle import Role, State
from storage.outbox.model import Pending, PostedMessage


@dataclass(frozen=True, kw_only=True)
class Digest:
    """What a queue's channel hears in the morning: of each kind the first few handoffs, and how many there were."""

    waiting: tuple[HandoffDetails, ...] = ()
    """Longest waiting first."""
    due: tuple[tuple[HandoffDetails, datetime], ...] = ()
    """With the deadline that is today, nearest first."""
    missed: tuple[tuple[HandoffDetails, datetime], ...] = ()
    """With the deadline that passed since the morning before."""
    waiting_in_all: int = 0
    due_in_all: int = 0
    missed_in_all: int = 0


@dataclass(frozen=True, kw_only=True)
class ReminderRow:
    """A row of a message about many handoffs: one of them, and what was to be heard of it."""

    picture: HandoffDetails
    notice: Notice
    roles: frozenset[Role] | None = None
    """What its reader is in the queue, if that is known."""

    @property
    def timer(self) -> Timer | None:
        """The clock that it speaks of, while it still needs its reader."""
        if self.picture.handoff.state is State.DELETED:
            return None
        return self.picture.running(self.notice.clock, self.notice.run)

    @property
    def due(self) -> datetime | None:
        """When that clock is due."""
        return self.timer.deadline_at if self.timer else None


@dataclass(frozen=True, kw_only=True)
class NotificationLog:
    """Everything that was, is or will be said about a handoff, and why."""

    picture: HandoffDetails
    """With its history, in which held messages stand."""
    clocks: Sequence[Timer]
    """Every run of every clock, oldest first."""
    notices: Sequence[Notice]
    posted: Sequence[PostedMessage]
    pending: Sequence[Pending]
    """What waits to be said, or to be drawn again."""
    calendars: Mapping[str, Calendar]
    now: datetime


@dataclass(frozen=True, kw_only=True)
class BundleScene:
    """What a message with many reminders to one person is drawn from."""

    rows: Sequence[ReminderRow]
    reader: str
    more: int = 0
    """How many handoffs it leaves out that still need an answer."""
    posted: bool = False


@dataclass(frozen=True, kw_only=True)
class DigestScene:
    """What a queue's digest is drawn from."""

    digest: Digest
    queue: Queue
    payload: Mapping[str, Any]
    posted: bool = False
