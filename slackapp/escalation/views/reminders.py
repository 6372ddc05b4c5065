"""Word reminders and choose their buttons, one table row per clock.

The state comes first, then the times. The reader is "you".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from slackapp.clocks.rules.clock_changes import PROGRESS_VERBS
from slackapp.escalation.rules.audience import CHANNEL
from slackapp.handoffs.model import HandoffDetails
from slackapp.handoffs.views import wording
from slackapp.slack.block_kit import phrases
from slackapp.slack.block_kit.blocks import when
from storage.clocks.model import ClockKind, Timer
from storage.handoffs.lifecycle import Actor, Role, Situation, State, Verb, allowed, situation
from storage.handoffs.model import Handoff

_NOW: Final = timedelta(minutes=1)
"""Distance from the deadline within which a reminder says "due now"."""

_BEGAN: Final = frozenset({Verb.CLAIM, Verb.ASSIGN})


@dataclass(frozen=True, kw_only=True)
class ReminderContext:
    """Input for wording a reminder; `linked` if the message has no other link to the card."""

    details: HandoffDetails
    timer: Timer
    reader: str
    now: datetime
    bold: bool = False
    linked: bool = False

    @property
    def name(self) -> str:
        """`#42 Acme renewal`."""
        return wording.name(self.details, bold=self.bold, linked=self.linked)

    @property
    def waited(self) -> str:
        """Time for which the clock has run, in words."""
        return phrases.span(self.now - self.timer.started_at)

    def whose(self, user: str | None, *, of: str) -> str:
        """Return `your answer` or `the answer of Ana`."""
        return f"your {of}" if user == self.reader else f"the {of} of {wording.who(self.details, user)}"


def sentence(reminder: ReminderContext, due: datetime | None) -> str:
    """Return the headline of a reminder, which begins with "Late:" once the deadline has passed."""
    what = _REMINDERS[reminder.timer.clock].what(reminder)
    needs = "needed" if reminder.timer.clock is ClockKind.NEEDED_BY else "due"
    if due is None:
        return f"{what}."
    if abs(reminder.now - due) < _NOW:
        return f"{phrases.set_off('Due now:', bold=reminder.bold)} {what}."
    if reminder.now < due:
        return f"{what}. It is {needs} {when(due)}, in {phrases.span(due - reminder.now)}."
    late = f"It was {needs} {when(due)}, {phrases.span(reminder.now - due)} ago."
    return f"{phrases.set_off('Late:', bold=reminder.bold)} {what}. {late}"


def verbs(details: HandoffDetails, clock: ClockKind, reader: str, roles: frozenset[Role]) -> list[Verb]:
    """Return the verbs that this recipient may do about the reminder, most helpful first.

    The channel claims, the sender answers, the owner finishes or confirms, managers assign or extend. `roles` are the
    recipient's roles in the queue.
    """
    handoff = details.handoff
    if reader == CHANNEL:
        return [Verb.CLAIM] if situation(handoff) is Situation.OPEN else []
    sees = {Role.VIEWER} if reader == handoff.owner else set()
    actor = Actor(user=reader, roles=roles | sees)
    return [verb for verb in _acts(details, clock, actor) if allowed(handoff, verb, actor)]


def last_progress_at(details: HandoffDetails) -> datetime:
    """Return the instant of the owner's last act or note, at the earliest that of the present state."""
    handoff = details.handoff
    heard = [e.at for e in details.history if e.actor == handoff.owner and e.verb in PROGRESS_VERBS | _BEGAN]
    heard += [note.at for note in details.notes if note.author == handoff.owner and note.verb in PROGRESS_VERBS]
    return max([handoff.state_since, *heard])


def _claim(reminder: ReminderContext) -> str:
    handoff = reminder.details.handoff
    waits = f"{reminder.name} has waited {reminder.waited}"
    if situation(handoff) is Situation.OFFERED:
        mine = handoff.offered_to == reminder.reader
        return f"{waits} for {'your answer' if mine else wording.who(reminder.details, handoff.offered_to)}"
    return f"{waits} for someone in {wording.team(reminder.details.queue)}"


def _finish(reminder: ReminderContext) -> str:
    return f"{reminder.name} is not done; {_holder(reminder)}"


def _first_action(reminder: ReminderContext) -> str:
    step = reminder.whose(reminder.details.handoff.owner, of="first step")
    return f"{reminder.name} waits for {step}, for {reminder.waited} now"


def _update(reminder: ReminderContext) -> str:
    owner = reminder.details.handoff.owner
    news = "news from you" if owner == reminder.reader else f"news from {wording.who(reminder.details, owner)}"
    return f"{reminder.name} waits for {news}: no word since {when(last_progress_at(reminder.details))}"


def _respond(reminder: ReminderContext) -> str:
    handoff = reminder.details.handoff
    if handoff.asked_at:
        sender = wording.who(reminder.details, handoff.sender)
        has = "you have" if handoff.sender == reminder.reader else f"{sender} has"
        question = reminder.whose(handoff.owner, of="question")
        return f"{reminder.name}: {has} not answered {question}, for {reminder.waited} now"
    answer = reminder.whose(reminder.details.handoff.sender, of="answer")
    return f"{reminder.name} waits for {answer}, for {reminder.waited} now"


def _own(reminder: ReminderContext) -> str:
    return f"{reminder.name}: {wording.CLOCKS[reminder.timer.clock].lower()}; {_holder(reminder)}"


def _holder(reminder: ReminderContext) -> str:
    handoff = reminder.details.handoff
    if handoff.state is State.RETURNED:
        back = (
            "you, who are"
            if handoff.sender == reminder.reader
            else f"{wording.who(reminder.details, handoff.sender)}, who is"
        )
        return f"it is back with {back} asked for more"
    if not handoff.owner:
        return "nobody has it now"
    return (
        "you have it" if handoff.owner == reminder.reader else f"{wording.who(reminder.details, handoff.owner)} has it"
    )


@dataclass(frozen=True, kw_only=True)
class _Reminder:
    """Wording and verbs of one clock's reminders."""

    what: Callable[[ReminderContext], str]
    owners: tuple[Verb, ...] = (Verb.COMPLETE, Verb.RELEASE)
    """Verbs offered to the owner."""
    managers: tuple[Verb, ...] = (Verb.ASSIGN,)
    """Verbs offered to a manager, unless the sender owes an answer."""


_SHOWS: Final = (Verb.READ_BACK, Verb.CONTINUE, Verb.NOTE, Verb.RELEASE)
_REMINDERS: Final[Mapping[ClockKind, _Reminder]] = {
    ClockKind.CLAIM: _Reminder(what=_claim, managers=(Verb.CLAIM, Verb.ASSIGN, Verb.EXTEND)),
    ClockKind.FIRST_ACTION: _Reminder(what=_first_action, owners=_SHOWS),
    ClockKind.UPDATE: _Reminder(what=_update, owners=_SHOWS),
    ClockKind.FINISH: _Reminder(what=_finish, managers=(Verb.ASSIGN, Verb.EXTEND)),
    ClockKind.RESPOND: _Reminder(what=_respond, owners=(Verb.ANSWER, Verb.RETURN)),
    ClockKind.NEEDED_BY: _Reminder(what=_finish),
    ClockKind.SNOOZE: _Reminder(what=_own),
    ClockKind.CHECK: _Reminder(what=_own),
}
"""A row per clock. A manager gives the other clocks no more time: they assign the work."""


def _acts(details: HandoffDetails, clock: ClockKind, actor: Actor) -> tuple[Verb, ...]:
    """Return the verbs a person is asked to do, whether or not they are allowed."""
    handoff = details.handoff
    if actor.user == handoff.owner:
        return _REMINDERS[clock].owners
    if actor.user == handoff.offered_to:
        return (Verb.CLAIM, Verb.DECLINE)
    owed = _owed(handoff)
    if owed and actor.user == handoff.sender:
        return owed
    if Role.MANAGER in actor.roles:
        return (*owed, Verb.ASSIGN) if owed else _REMINDERS[clock].managers
    return () if actor.user == handoff.sender else (Verb.CLAIM,)


def _owed(handoff: Handoff) -> tuple[Verb, ...]:
    """Return the verbs of a sender who owes an answer; a manager may do them instead."""
    if handoff.state is State.RETURNED:
        return (Verb.RESEND, Verb.EDIT)
    return (Verb.ANSWER,) if handoff.asked_at else ()
