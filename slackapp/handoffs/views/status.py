"""The status of a handoff: a sign, who has it or its state, the named deadline, and the priority unless it is normal.

Cards, lists, messages and Details show it as a line ("🟡 Unassigned · claim by 14:30 · High"); plain text says the
same in words ("unassigned in Support, claim by 14:30, High priority"). Nothing in it is counted from the present, so
that it stays true until something changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from slackapp.handoffs.model import HandoffDetails
from slackapp.handoffs.rules.next_deadline import NextDeadline, next_deadline
from slackapp.handoffs.views import wording
from slackapp.slack.block_kit.blocks import mention, when
from storage.clocks.model import ClockKind
from storage.handoffs.lifecycle import Situation, State, Verb, has_taken_over, situation
from storage.handoffs.model import Handoff, Priority

LATE: Final = "🔴"
_BY: Final[Mapping[ClockKind, str]] = {
    ClockKind.CLAIM: "claim by",
    ClockKind.FIRST_ACTION: "first reply by",
    ClockKind.FINISH: "finish by",
    ClockKind.RESPOND: "more information by",
    ClockKind.NEEDED_BY: "needed by",
}
"""What a deadline is for."""


@dataclass(frozen=True, kw_only=True)
class Status:
    """The parts of a status, in their order."""

    sign: str
    state: str
    """The first part of the line: "Unassigned", or who has it."""
    spoken: str
    """The same in words that follow a title: "unassigned in Support", "owned by Eva"."""
    then: tuple[str, ...] = ()
    """The deadline, or what it waits for; how it ended."""
    priority: str = ""


def line(details: HandoffDetails, now: datetime, reader: str = "", *, named: bool = False) -> str:
    """The status for mrkdwn: "🟢 @Eva · finish by Thu 13:00 · High"; `reader` is the person who is called "you".

    `named` is that of `status`.
    """
    found = status(details, now, reader, named=named)
    return f"{found.sign} {' · '.join([found.state, *found.then, *filter(None, [found.priority])])}"


def phrase(details: HandoffDetails, now: datetime, reader: str = "", *, named: bool = False) -> str:
    """The status in words that follow a title or number: "owned by @Eva, finish by Thu 13:00, High priority"."""
    found = status(details, now, reader, named=named)
    return ", ".join([found.spoken, *found.then, *([f"{found.priority} priority"] if found.priority else [])])


def sentence(details: HandoffDetails, now: datetime, reader: str = "") -> str:
    """The status as a sentence of its own: "Owned by @Eva, finish by Thu 13:00."."""
    said = phrase(details, now, reader)
    return f"{said[0].upper()}{said[1:]}."


def status(details: HandoffDetails, now: datetime, reader: str = "", *, named: bool = False) -> Status:
    """The status of a handoff at an instant.

    A new message may say that something is open or offered, so people in it are named. The other states come to a
    message by redrawing it, which notifies nobody: there a mention, which opens the person's profile, is better,
    unless they are to be `named` there too.
    """
    handoff = details.handoff
    people = _People(details=details, reader=reader, named=named)
    if handoff.final:
        return _ended(people)
    due = next_deadline(details)
    is_late = due is not None and now >= due.at
    urgent = handoff.priority is not Priority.NORMAL
    sign, state, spoken, then = _live(people, _due(handoff, due, now) if due else "")
    return Status(
        sign=LATE if is_late else sign,
        state=state,
        spoken=spoken,
        then=then,
        priority=wording.PRIORITIES[handoff.priority] if urgent else "",
    )


def _due(handoff: Handoff, due: NextDeadline, now: datetime) -> str:
    """A deadline with what it is for: "finish by today at 14:30", or "late since …" once it has passed."""
    if now >= due.at:
        return f"{'first reply ' if due.clock is ClockKind.FIRST_ACTION else ''}late since {when(due.at)}"
    offered = situation(handoff) is Situation.OFFERED and due.clock is ClockKind.CLAIM
    return f"{'answer by' if offered else _BY[due.clock]} {when(due.at)}"


@dataclass(frozen=True, kw_only=True)
class _People:
    """A handoff and how its people are called for one reader."""

    details: HandoffDetails
    reader: str
    named: bool

    @property
    def handoff(self) -> Handoff:
        return self.details.handoff

    def who(self, user: str | None) -> str:
        """The reader is "you", others are mentioned or named."""
        if user and user == self.reader:
            return "you"
        is_group = bool(user) and str(user).startswith("queue:")
        return wording.who(self.details, user) if self.named or is_group else mention(user or "")

    def is_accountable(self) -> str:
        """Who is accountable: "Ana is", "you are", "the managers of Support are"."""
        user = self.handoff.accountable
        several = user == self.reader or user.startswith("queue:")
        return f"{self.who(user)} {'are' if several else 'is'} accountable"


def _live(people: _People, due: str) -> tuple[str, str, str, tuple[str, ...]]:
    """Sign, state, spoken state and what follows, of work that has not ended; `due` is its deadline in words."""
    handoff, team = people.handoff, wording.team(people.details.queue)
    until = (due,) if due else ()
    match situation(handoff):
        case Situation.OFFERED:
            whom = wording.who(people.details, handoff.offered_to, people.reader)
            return "🟡", f"Offered to {whom}", f"offered to {whom} in {team}", until
        case Situation.CLAIMED:
            sign, then = _owned(people, until)
            owner = people.who(handoff.owner)
            return sign, "You" if owner == "you" else owner, f"owned by {owner}", then
        case Situation.RETURNED:
            whom = people.who(handoff.sender)
            return "↩️", f"Back with {whom}", f"back with {whom}", until or ("more information needed",)
        case _:
            return "🟡", "Unassigned", f"unassigned in {team}", until


def _owned(people: _People, until: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """The sign of owned work, and what follows its owner."""
    handoff = people.handoff
    whose = "your" if handoff.sender == people.reader else f"{people.who(handoff.sender)}'s"
    answer = (f"waiting for {whose} answer",) if handoff.asked_at else ()
    if handoff.snoozed_until:
        return "💤", (f"snoozed until {when(handoff.snoozed_until)}", *answer, *_accountable(people))
    if answer:
        return "💬", (*answer, "timer paused", *_accountable(people))
    return "🟢", (*until, *_accountable(people))


def _accountable(people: _People) -> tuple[str, ...]:
    """Who is still accountable until a hard read-back is given; empty if the owner is."""
    if has_taken_over(people.handoff):
        return ()
    return f"confirming with {people.who(people.handoff.sender)}", f"{people.is_accountable()} until then"


def _ended(people: _People) -> Status:
    """The status of work that has ended: who ended it, whether on time, and when."""
    handoff = people.handoff
    by, at = finished_by(people.details), when(handoff.state_since)
    ended = wording.STATES[handoff.state]
    last = handoff.last_owner if handoff.state is State.DONE else None
    whose = f" by {people.who(by)}" if by else f", last owned by {people.who(last)}" if last else ""
    met = _met(people.details)
    punctual = () if met is None else ("on time" if met else "late",)
    return Status(
        sign="✅" if handoff.state is State.DONE else "⚪",
        state=f"{ended.capitalize()}{whose}",
        spoken=f"{ended}{whose}",
        then=(*punctual, at),
    )


def _met(details: HandoffDetails) -> bool | None:
    """Whether work that is done was finished on time; None if no clock tells."""
    if details.handoff.state is not State.DONE:
        return None
    runs = [timer for timer in details.clocks if timer.clock is ClockKind.FINISH and timer.met is not None]
    return max(runs, key=lambda timer: timer.run).met if runs else None


def finished_by(details: HandoffDetails) -> str | None:
    """The person who completed, cancelled or deleted it, from the history or the note of that act; None if unknown."""
    ends = {State.DONE: Verb.COMPLETE, State.CANCELLED: Verb.CANCEL, State.DELETED: Verb.DELETE}
    verb = ends.get(details.handoff.state)
    for entry in reversed(details.history):
        if entry.verb == verb:
            return entry.actor
    for note in reversed(details.notes):
        if note.verb == verb and note.at >= details.handoff.state_since:
            return note.author
    return None
