"""Read models: one handoff with everything shown about it, lists of handoffs, and the outcomes of acts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from slackapp.people.rules.covering import roles_of_cover
from slackapp.slack.field_problems import FieldProblem
from storage.clocks.model import Calendar, ClockKind, Timer
from storage.company.model import Queue
from storage.handoffs.lifecycle import Actor, Role, Verb, why_not
from storage.handoffs.model import AuditEntry, ContextVerdict, Custody, Handoff, Note
from storage.outbox.model import Destination
from storage.templates.model import Template


@dataclass(frozen=True, kw_only=True)
class Absence:
    """A person's absence, as they set it: until when, and who covers for them."""

    until: datetime
    cover: str | None = None


@dataclass(frozen=True, kw_only=True)
class HandoffDetails:
    """A handoff with everything that views show about it.

    `history` and `custody` are read only where they are shown.
    """

    handoff: Handoff
    queue: Queue
    template: Template | None = None
    """The version of the template that it was written in, if it has one and it is shown."""
    timers: tuple[Timer, ...] = ()
    """Timers that have not stopped."""
    notes: tuple[Note, ...] = ()
    """Oldest first; the first is what the sender wrote."""
    cards: Mapping[int, str] = field(default_factory=dict)
    """Permalinks of the cards that have been posted, by hop."""
    history: tuple[AuditEntry, ...] = ()
    custody: tuple[Custody, ...] = ()
    clocks: tuple[Timer, ...] = ()
    """Every run of every clock, stopped ones too; only where `custody` is shown, which they measure."""
    names: Mapping[str, str] = field(default_factory=dict)
    """People's names by user id. They are named instead of mentioned where a mention would notify them needlessly."""
    absences: Mapping[str, Absence] = field(default_factory=dict)
    """The people among these who have set themselves away."""
    queue_names: Mapping[str, str] = field(default_factory=dict)
    """Names of other queues that it has been in, by key; only where the history is shown or it was passed on."""
    calendars: Mapping[str, Calendar] = field(default_factory=dict)
    """The calendars that its clocks run by, by key; only where the history is shown."""
    judgements: tuple[ContextVerdict, ...] = ()
    """Receivers' verdicts on the context, oldest first; only in messages to its sender."""
    watchers: tuple[str, ...] = ()
    """The people who watch it; only in Details, which tells how many they are."""
    newest: Mapping[Destination, str] = field(default_factory=dict)
    """The key of the newest message at each destination that says how it stands, and is kept current."""

    def covers(self, reader: str, person: str | None) -> bool:
        """Whether the reader is this person, or covers for them now."""
        absence = self.absences.get(person or "")
        return reader == person or (absence is not None and absence.cover == reader)

    def roles_of_cover(self, reader: str) -> frozenset[Role]:
        """The roles that the reader has because they cover for somebody."""
        return roles_of_cover(self.handoff, [one for one, away in self.absences.items() if away.cover == reader])

    @property
    def permalink(self) -> str | None:
        """The permalink of the current card; None until it has been posted."""
        return self.cards.get(self.handoff.hop)

    def timer(self, clock: ClockKind) -> Timer | None:
        """The running or paused timer of a clock; None if there is none."""
        return next((t for t in self.timers if t.clock is clock), None)

    def running(self, clock: ClockKind, run: int) -> Timer | None:
        """The timer of a clock if it is still in this run and not paused; otherwise None."""
        timer = self.timer(clock)
        return timer if timer and timer.run == run and timer.running_since else None


@dataclass(frozen=True, kw_only=True)
class HandoffScene:
    """Everything that a message about one handoff is drawn from."""

    details: HandoffDetails
    payload: Mapping[str, Any] = field(default_factory=dict)
    """The message's payload in the outbox."""
    posted: bool = False
    """Whether the message has been posted already, so that it is updated in place."""
    superseded: bool = False
    """Whether a newer message to the same reader says how it stands, so that this one only tells what happened."""

    @property
    def handoff(self) -> Handoff:
        """The handoff that the message is about."""
        return self.details.handoff


@dataclass(frozen=True, kw_only=True)
class OutOfSight:
    """A message about a handoff that its readers may not see any more: a team with a private channel has it now."""

    handoff: Handoff
    posted: bool
    """Whether the message has been posted already, so that it would go on saying what is no longer so."""


@dataclass(frozen=True, kw_only=True)
class Invalid:
    """The act has invalid fields; nothing was stored."""

    problems: Mapping[str, FieldProblem]


@dataclass(frozen=True, kw_only=True)
class Missing:
    """There is no such handoff in this workspace."""


@dataclass(frozen=True, kw_only=True)
class Repeated:
    """The same form was submitted before; what was stored then remains. `same` tells whether its answers were equal."""

    handoff: Handoff
    same: bool
    just_now: bool = False
    """Whether the same person did it a moment ago, as in a double click."""


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A new handoff was stored."""

    handoff: Handoff


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A handoff as one person sees it, with the roles in which they act."""

    details: HandoffDetails
    actor: Actor
    now: datetime

    @property
    def visible(self) -> bool:
        """Whether this person may see it at all."""
        return Role.VIEWER in self.actor.roles

    @property
    def may(self) -> frozenset[Verb]:
        """The verbs that this person may do now."""
        return frozenset(v for v in Verb if why_not(self.details.handoff, v, self.actor) is None)


@dataclass(frozen=True, kw_only=True)
class OwnList:
    """A person's unfinished handoffs: those they own, those offered to them, and those they sent.

    Each holds one more than `LISTED` where there are more than that.
    """

    owned: Sequence[HandoffDetails]
    offered: Sequence[HandoffDetails]
    sent: Sequence[HandoffDetails]
    now: datetime


@dataclass(frozen=True, kw_only=True)
class WaitingList:
    """Unclaimed handoffs: the first `LISTED` of `total`, the longest waiting first."""

    shown: Sequence[HandoffDetails]
    total: int
    claimable: frozenset[str]
    """The keys of the queues whose handoffs this person may claim."""
    now: datetime
