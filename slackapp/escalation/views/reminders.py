"""Word reminders and choose their buttons, one table row per clock.

The state comes first, then the times. The reader is "you".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from slackapp.clocks.rules.clock_changes import PROGRESS_CLOCKS, PROGRESS_VERBS
from slackapp.escalation.rules.audience import CHANNEL
from slackapp.handoffs.model import HandoffDetails
from slackapp.handoffs.views import status, wording
from slackapp.handoffs.views.status import Status
from slackapp.runtime.visible_text import is_blank
from slackapp.slack.block_kit.blocks import HEADER, said, when
from storage.clocks.model import ClockKind, Timer
from storage.handoffs.lifecycle import Actor, Role, Situation, State, Verb, acts_as_owner, allowed, situation
from storage.handoffs.model import Handoff

_IN_ROW: Final = 100
"""Characters of a title in a row of many."""
_BEGAN: Final = frozenset({Verb.CLAIM, Verb.ASSIGN})


@dataclass(frozen=True, kw_only=True)
class ReminderContext:
    """Input for wording a reminder; `linked` if it is a row, which has no other link to the card."""

    details: HandoffDetails
    timer: Timer
    reader: str
    now: datetime
    bold: bool = False
    linked: bool = False
    instead_of: str | None = None
    """The person for whom the reader covers, if the reminder is for them."""

    @property
    def status(self) -> Status:
        """How the handoff stands."""
        return status.status(self.details, self.now, self.reader, named=True)

    @property
    def name(self) -> str:
        """`#42 Acme renewal`."""
        return wording.name(self.details, bold=self.bold, linked=self.linked, most=_IN_ROW if self.linked else 150)


def sentence(reminder: ReminderContext, due: datetime | None) -> str:
    """Return a reminder in words: the handoff, its status, and the deadline of the clock that it is about."""
    told = f"{reminder.name} is {', '.join([*_standing(reminder, due), *_priority(reminder)])}."
    return f"{wording.in_place_of(reminder.details, reminder.instead_of)}{told}"


def line(reminder: ReminderContext, due: datetime | None) -> str:
    """Return a reminder for mrkdwn: "🔴 #4 *Acme* is unassigned in Support, late since 18:21 · High"."""
    is_late = due is not None and reminder.now >= due
    sign = status.LATE if is_late else reminder.status.sign
    for_whom = wording.in_place_of(reminder.details, reminder.instead_of)
    told = f"{for_whom}{sign} {reminder.name} is {', '.join(_standing(reminder, due))}"
    return f"{told} · {reminder.status.priority}" if reminder.status.priority else told


def background(details: HandoffDetails, most: int = HEADER) -> str:
    """Return what somebody who knows nothing of the handoff needs first: its first step and who it is from.

    `most` is the number of characters of the first step.
    """
    step = "" if is_blank(details.handoff.next_step) else said(details.handoff.next_step, most)
    return " · ".join([*([f"First step: {step}"] if step else []), wording.origin(details)])


def _standing(reminder: ReminderContext, due: datetime | None) -> list[str]:
    """Return the status, whom it waits for, the clock's deadline, and since when its owner has been silent."""
    clock = reminder.timer.clock
    handoff = reminder.details.handoff
    asked = [part for part in reminder.status.then if part.startswith("waiting for")] if handoff.asked_at else []
    silent = [f"no update since {when(last_progress_at(reminder.details))}"] if clock is ClockKind.UPDATE else []
    return [reminder.status.spoken, *asked, *([_due(reminder, due)] if due else []), *silent]


def _due(reminder: ReminderContext, due: datetime) -> str:
    """Return the deadline of a clock with what it is for: "claim by 14:30", "late since 14:30"."""
    clock = reminder.timer.clock
    offered = clock is ClockKind.CLAIM and situation(reminder.details.handoff) is Situation.OFFERED
    what = "answer" if offered else _REMINDERS[clock].what
    if reminder.now < due:
        return f"{what} by {when(due)}"
    return f"{f'{what} ' if clock in PROGRESS_CLOCKS else ''}late since {when(due)}"


def _priority(reminder: ReminderContext) -> list[str]:
    return [f"{reminder.status.priority} priority"] if reminder.status.priority else []


def verbs(details: HandoffDetails, clock: ClockKind, reader: str, roles: frozenset[Role]) -> list[Verb]:
    """Return the verbs that this recipient may do about the reminder, most helpful first.

    The channel claims, the sender answers, the owner finishes or confirms, managers assign or extend. `roles` are the
    recipient's roles in the queue.
    """
    handoff = details.handoff
    if reader == CHANNEL:
        return [Verb.CLAIM] if situation(handoff) is Situation.OPEN else []
    sees = {Role.VIEWER} if details.covers(reader, handoff.owner) else set()
    actor = Actor(user=reader, roles=roles | sees | details.roles_of_cover(reader))
    return [verb for verb in _acts(details, clock, actor) if allowed(handoff, verb, actor)]


def last_progress_at(details: HandoffDetails) -> datetime:
    """Return when the owner last acted, or their cover gave an update; the beginning of the state at the earliest."""
    handoff = details.handoff
    heard = [
        entry.at
        for entry in details.history
        if (entry.actor == handoff.owner and entry.verb in PROGRESS_VERBS | _BEGAN) or entry.verb == Verb.CONTINUE
    ]
    heard += [note.at for note in details.notes if note.author == handoff.owner and note.verb in PROGRESS_VERBS]
    return max([handoff.state_since, *heard])


@dataclass(frozen=True, kw_only=True)
class _Reminder:
    """Words and verbs of one clock's reminders."""

    what: str
    """What its deadline is for."""
    owners: tuple[Verb, ...] = (Verb.COMPLETE, Verb.RELEASE)
    """Verbs offered to the owner."""
    managers: tuple[Verb, ...] = (Verb.ASSIGN,)
    """Verbs offered to a manager, unless the sender owes an answer."""


_SHOWS: Final = (Verb.READ_BACK, Verb.CONTINUE, Verb.NOTE, Verb.RELEASE)
_REMINDERS: Final[Mapping[ClockKind, _Reminder]] = {
    ClockKind.CLAIM: _Reminder(what="claim", managers=(Verb.CLAIM, Verb.ASSIGN, Verb.EXTEND)),
    ClockKind.FIRST_ACTION: _Reminder(what="first reply", owners=_SHOWS),
    ClockKind.UPDATE: _Reminder(what="update", owners=_SHOWS),
    ClockKind.FINISH: _Reminder(what="finish", managers=(Verb.ASSIGN, Verb.EXTEND)),
    ClockKind.RESPOND: _Reminder(what="answer", owners=(Verb.ANSWER, Verb.RETURN)),
    ClockKind.NEEDED_BY: _Reminder(what="needed"),
    ClockKind.SNOOZE: _Reminder(what="snoozed"),
    ClockKind.CHECK: _Reminder(what="answer"),
}
"""A row per clock. A manager gives the other clocks no more time: they assign the work."""


def _acts(details: HandoffDetails, clock: ClockKind, actor: Actor) -> tuple[Verb, ...]:
    """Return the verbs a person is asked to do, whether or not they are allowed."""
    handoff = details.handoff
    if acts_as_owner(actor, handoff.owner):
        return _REMINDERS[clock].owners
    if actor.user == handoff.offered_to or Role.OFFERED in actor.roles:
        return (Verb.CLAIM, Verb.DECLINE)
    owed = _owed(handoff)
    if owed and (actor.user == handoff.sender or Role.SENDER_COVER in actor.roles):
        return owed
    if Role.MANAGER in actor.roles:
        return (*owed, Verb.ASSIGN) if owed else _REMINDERS[clock].managers
    return () if actor.user == handoff.sender else (Verb.CLAIM,)


def _owed(handoff: Handoff) -> tuple[Verb, ...]:
    """Return the verbs of a sender who owes an answer; a manager may do them instead."""
    if handoff.state is State.RETURNED:
        return (Verb.RESEND, Verb.EDIT)
    return (Verb.ANSWER,) if handoff.asked_at else ()
