"""One handoff with all around it, lists of handoffs, and outcomes of acts, as frozen read models."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from slackapp.slack.field_problems import FieldProblem
from storage.clocks.model import Calendar, ClockKind, Timer
from storage.company.model import Queue
from storage.handoffs.lifecycle import Actor, Role, Verb, why_not
from storage.handoffs.model import AuditEntry, ContextVerdict, Custody, Handoff, Note
from storage.templates.model import Template


@dataclass(frozen=True, kw_only=True)
class HandoffDetails:
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
class HandoffScene:
    """What a message about one handoff is drawn from."""

    details: HandoffDetails
    payload: Mapping[str, Any] = field(default_factory=dict)
    """What the outbox keeps of the message."""
    posted: bool = False
    """Whether Slack has it already, so that it is redrawn in place."""


@dataclass(frozen=True, kw_only=True)
class Invalid:
    """Fields that need mending; nothing was stored."""

    problems: Mapping[str, FieldProblem]


@dataclass(frozen=True, kw_only=True)
class Missing:
    """There is no such handoff in this workspace."""


@dataclass(frozen=True, kw_only=True)
class Repeated:
    """The same form came before. `same` tells whether it said the same; what was stored then still stands."""

    handoff: Handoff
    same: bool


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A new handoff was stored."""

    handoff: Handoff


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A handoff as one person sees it."""

    details: HandoffDetails
    actor: Actor
    now: datetime

    @property
    def visible(self) -> bool:
        """Whether this person may see it at all."""
        return Role.VIEWER in self.actor.roles

    @property
    def may(self) -> frozenset[Verb]:
        """What they may do with it now."""
        return frozenset(v for v in Verb if why_not(self.details.handoff, v, self.actor) is None)


@dataclass(frozen=True, kw_only=True)
class OwnList:
    """What a person has, what is offered to them, and what they sent that is not finished.

    Each holds one more than `LISTED` where there are more than that.
    """

    owned: Sequence[HandoffDetails]
    offered: Sequence[HandoffDetails]
    sent: Sequence[HandoffDetails]
    now: datetime


@dataclass(frozen=True, kw_only=True)
class WaitingList:
    """What waits to be claimed: the first `LISTED` of `total`, the longest waiting first."""

    shown: Sequence[HandoffDetails]
    total: int
    now: datetime
    hidden: bool = False
    """Whether none of the queues asked about may be seen by this person."""
