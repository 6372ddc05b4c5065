"""Everything there is to know about one handoff, read in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from storage.clocks.model import Calendar, ClockKind, Notice, Timer
from storage.company.model import Queue
from storage.handoffs.lifecycle import Role, State
from storage.handoffs.model import AuditEntry, ContextVerdict, Custody, Handoff, Note
from storage.outbox.model import Pending, PostedMessage
from storage.templates.model import Template


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A handoff with its surroundings. `history` and `custody` are read only where they are shown."""

    handoff: Handoff
    queue: Queue
    template: Template | None = None
    """The version of the template that it was written in, as far as it is shown."""
    timers: tuple[Timer, ...] = ()
    """Clocks that have not stopped."""
    notes: tuple[Note, ...] = ()
    """Oldest first; the first is what the sender wrote."""
    cards: Mapping[int, str] = field(default_factory=dict)
    """Permalinks of the cards that Slack has, by hop."""
    history: tuple[AuditEntry, ...] = ()
    custody: tuple[Custody, ...] = ()
    clocks: tuple[Timer, ...] = ()
    """Every run of every clock, stopped ones too, where the custody is shown that they measure."""
    names: Mapping[str, str] = field(default_factory=dict)
    """People's names by user id. Who is named here is shown by name where a mention would notify them for nothing."""
    queue_names: Mapping[str, str] = field(default_factory=dict)
    """Names of other queues it has been in, by key, where the history is shown."""
    calendars: Mapping[str, Calendar] = field(default_factory=dict)
    """The calendars that its clocks go by, by key, where the history is shown."""
    judgements: tuple[ContextVerdict, ...] = ()
    """What its receivers made of the context, oldest first, where its sender is told."""

    @property
    def permalink(self) -> str | None:
        """Where the present card is, once Slack has it."""
        return self.cards.get(self.handoff.hop)

    def timer(self, clock: ClockKind) -> Timer | None:
        """The running or paused timer of a clock."""
        return next((t for t in self.timers if t.clock is clock), None)

    def running(self, clock: ClockKind, run: int) -> Timer | None:
        """The timer of a clock, if it still is in that run and is not paused."""
        timer = self.timer(clock)
        return timer if timer and timer.run == run and timer.running_since else None


@dataclass(frozen=True, kw_only=True)
class Digest:
    """What a queue's channel hears in the morning: of each kind the first few handoffs, and how many there were."""

    waiting: tuple[Picture, ...] = ()
    """Longest waiting first."""
    due: tuple[tuple[Picture, datetime], ...] = ()
    """With the deadline that is today, nearest first."""
    missed: tuple[tuple[Picture, datetime], ...] = ()
    """With the deadline that passed since the morning before."""
    waiting_in_all: int = 0
    due_in_all: int = 0
    missed_in_all: int = 0


@dataclass(frozen=True, kw_only=True)
class Reminded:
    """A row of a message about many handoffs: one of them, and what was to be heard of it."""

    picture: Picture
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

    picture: Picture
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
class HandoffScene:
    """What a message about one handoff is drawn from."""

    picture: Picture
    payload: Mapping[str, Any] = field(default_factory=dict)
    """What the outbox keeps of the message."""
    posted: bool = False
    """Whether Slack has it already, so that it is redrawn in place."""


@dataclass(frozen=True, kw_only=True)
class BundleScene:
    """What a message with many reminders to one person is drawn from."""

    rows: Sequence[Reminded]
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


@dataclass(frozen=True, kw_only=True)
class TroubleScene:
    """What a message about a channel that is shut, or a person who is gone, is drawn from."""

    picture: Picture | None
    """The handoff that has lost somebody, where it is about one."""
    queue: Queue | None
    payload: Mapping[str, Any]
