"""What a due clock says, a digest and a reminder's row, as frozen read models."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from slackapp.clocks.rules.due_times import Step
from slackapp.handoffs.model import HandoffDetails
from storage.clocks.model import Calendar, Notice, Timer
from storage.company.model import Queue
from storage.handoffs.lifecycle import Role, State
from storage.handoffs.model import Handoff
from storage.outbox.model import PendingMessage, PostedMessage


class Notification(NamedTuple):
    """When a recipient is notified of a step (`at`, None for never), and the reason if that is not now."""

    recipient: str
    at: datetime | None
    why: str | None


class LevelFired(NamedTuple):
    """A step that speaks, and its recipients; `climbed` are the keys of higher levels that are notified as well."""

    step: Step
    notifications: tuple[Notification, ...]
    climbed: tuple[str, ...] = ()
    first_at: datetime | None = None
    """When the first recipient is available. The sender, who is only told of lateness, does not count."""

    @property
    def told(self) -> tuple[str, ...]:
        """Recipients who are notified now."""
        return tuple(
            notification.recipient
            for notification in self.notifications
            if notification.at is not None and not notification.why
        )


class TimerFired(NamedTuple):
    """A fired clock: the timer as it is afterwards, and what its levels say."""

    handoff: Handoff
    timer: Timer
    deadline_at: datetime | None
    """When the target was or will be reached, as known when the clock fired."""
    levels_fired: tuple[LevelFired, ...]
    is_news: bool
    """Whether the handoff is late for the first time: its card says so from now on."""
    wake: bool
    """Whether people are notified at any hour, each reminder alone."""


@dataclass(frozen=True, kw_only=True)
class Audience:
    """The people around a handoff that `tell` may mean; user groups are already resolved to their members."""

    managers: Sequence[str] = ()
    managers_of: Mapping[str, str] = field(default_factory=dict)
    """Manager by person, as configured."""
    admins: Sequence[str] = ()
    groups: Mapping[str, Sequence[str]] = field(default_factory=dict)
    gone: frozenset[str] = frozenset()
    """Deactivated people, bots and outsiders, who cannot be notified."""


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

    details: HandoffDetails
    notice: Notice
    roles: frozenset[Role] | None = None
    """What its reader is in the queue, if that is known."""

    @property
    def timer(self) -> Timer | None:
        """The clock that it speaks of, while it still needs its reader."""
        if self.details.handoff.state is State.DELETED:
            return None
        return self.details.running(self.notice.clock, self.notice.run)

    @property
    def due(self) -> datetime | None:
        """When that clock is due."""
        return self.timer.deadline_at if self.timer else None


@dataclass(frozen=True, kw_only=True)
class NotificationLog:
    """Everything that was, is or will be said about a handoff, and why."""

    details: HandoffDetails
    """With its history, in which held messages stand."""
    clocks: Sequence[Timer]
    """Every run of every clock, oldest first."""
    notices: Sequence[Notice]
    posted: Sequence[PostedMessage]
    pending: Sequence[PendingMessage]
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
