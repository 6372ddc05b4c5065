"""Frozen read models of escalation: fired levels and timers, digests, reminder rows, the notification log."""

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
    """One recipient of a fired step: notified at `at` (None: never); `why` is the reason if that is not now."""

    recipient: str
    at: datetime | None
    why: str | None
    via: str | None = None
    """Key of the level whose `tell` means the recipient; None for a sender who is told of lateness."""
    instead_of: str | None = None
    """The person who is away and for whom the recipient covers."""


class ToldSoFar(NamedTuple):
    """What became of a step since it fired; empty for one that fires now."""

    known: Mapping[str, str | None] = {}
    """The recipients so far, each with the key of the level that means them, or None."""
    heard: bool = False
    """Whether anybody whom a level means has been notified, or is being notified."""


class Notified(NamedTuple):
    """Whom a step notifies, and when."""

    notifications: tuple[Notification, ...]
    climbed: tuple[str, ...] = ()
    """Keys of higher levels that are notified as well."""
    first_at: datetime | None = None
    """When the first recipient is available; the sender does not count, who is only informed of lateness."""


class LevelFired(NamedTuple):
    """One fired step and its notifications; `climbed` are the keys of higher levels that are notified as well."""

    step: Step
    notifications: tuple[Notification, ...]
    climbed: tuple[str, ...] = ()
    first_at: datetime | None = None
    """When the first recipient is available; the sender does not count, who is only informed of lateness."""

    @property
    def notified_now(self) -> tuple[str, ...]:
        """Recipients who are notified now."""
        return tuple(
            notification.recipient
            for notification in self.notifications
            if notification.at is not None and not notification.why
        )


class TimerFired(NamedTuple):
    """A timer that fired, as it is afterwards, and the levels that fired with it."""

    handoff: Handoff
    timer: Timer
    deadline_at: datetime | None
    """Deadline of the timer, past or ahead, as known when it fired."""
    levels_fired: tuple[LevelFired, ...]
    is_news: bool
    """Whether the handoff has become late, so that everything that names its deadline has to show it."""
    wake: bool
    """Whether people are notified at any hour, each reminder alone."""


@dataclass(frozen=True, kw_only=True)
class Audience:
    """The people that the words of a level's `tell` may mean; user groups are expanded to their members."""

    managers: Sequence[str] = ()
    managers_of: Mapping[str, str] = field(default_factory=dict)
    """Manager by user id, as configured."""
    admins: Sequence[str] = ()
    groups: Mapping[str, Sequence[str]] = field(default_factory=dict)
    gone: frozenset[str] = frozenset()
    """Deactivated people, bots and outsiders, who cannot be notified."""


@dataclass(frozen=True, kw_only=True)
class Digest:
    """Contents of a queue's daily digest: the first few handoffs of each kind, and the number of each kind."""

    waiting: tuple[HandoffDetails, ...] = ()
    """Unclaimed handoffs, longest waiting first."""
    due: tuple[tuple[HandoffDetails, datetime], ...] = ()
    """Handoffs due today with their deadline, nearest first."""
    missed: tuple[tuple[HandoffDetails, datetime], ...] = ()
    """Handoffs whose deadline has passed since the previous working day, with that deadline."""
    waiting_in_all: int = 0
    due_in_all: int = 0
    missed_in_all: int = 0


@dataclass(frozen=True, kw_only=True)
class ReminderRow:
    """One row of a batch message: a handoff and the notice that its reader was to get."""

    details: HandoffDetails
    notice: Notice
    roles: frozenset[Role] | None = None
    """Roles of the reader in the queue; None if unknown."""

    @property
    def timer(self) -> Timer | None:
        """The timer that the notice is about; None once it has stopped or the handoff is deleted."""
        if self.details.handoff.state is State.DELETED:
            return None
        return self.details.running(self.notice.clock, self.notice.run)

    @property
    def due(self) -> datetime | None:
        """Deadline of that timer, if it still runs."""
        return self.timer.deadline_at if self.timer else None


@dataclass(frozen=True, kw_only=True)
class NotificationLog:
    """Every notification of a handoff, sent, pending or skipped, with the state of its clocks."""

    details: HandoffDetails
    """The handoff with its history, which contains the audit entries of held messages."""
    clocks: Sequence[Timer]
    """Every run of every clock, oldest first."""
    notices: Sequence[Notice]
    posted: Sequence[PostedMessage]
    pending: Sequence[PendingMessage]
    """Outbox messages that were not sent yet."""
    calendars: Mapping[str, Calendar]
    now: datetime
    pruned: bool = False
    """Whether its timers and notices were deleted, because it ended long ago."""


@dataclass(frozen=True, kw_only=True)
class BatchScene:
    """Everything a batch message, many reminders to one person, is drawn from."""

    rows: Sequence[ReminderRow]
    reader: str
    more: int = 0
    """Number of handoffs left out that still need an answer."""
    posted: bool = False


@dataclass(frozen=True, kw_only=True)
class DigestScene:
    """Everything a queue's digest message is drawn from."""

    digest: Digest
    queue: Queue
    payload: Mapping[str, Any]
    posted: bool = False
    superseded: bool = False
    """Whether the queue has a newer digest, so that this one only tells what it was."""
