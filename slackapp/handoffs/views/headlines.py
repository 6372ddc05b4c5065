"""The headline: the state of a handoff in one sentence, who acts next, and by when."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from slackapp.handoffs.model import HandoffDetails
from slackapp.handoffs.views import wording
from slackapp.slack.block_kit import phrases
from slackapp.slack.block_kit.blocks import mention, when
from storage.clocks.model import ClockKind
from storage.handoffs.lifecycle import ReadBackStatus, Situation, State, Verb, has_taken_over, situation
from storage.handoffs.model import Handoff

_CLOCK_OF: Final = {
    Situation.OPEN: ClockKind.CLAIM,
    Situation.OFFERED: ClockKind.CLAIM,
    Situation.CLAIMED: ClockKind.FINISH,
}


def headline(details: HandoffDetails, now: datetime, *, bold: bool = False, reader: str = "") -> str:
    """Title and state in one sentence, without its full stop, for mrkdwn.

    "Acme renewal: waiting for someone in Customer Success, due today at 14:30". `bold` sets off the title, `reader`
    is the person who is called "you".
    """
    handoff = details.handoff
    if handoff.state is State.DELETED:
        return f"{wording.number(handoff)} was deleted"
    return f"{phrases.set_off(wording.title(handoff), bold=bold)}: {state_phrase(details, now, reader, bold=bold)}"


def state_phrase(details: HandoffDetails, now: datetime, reader: str = "", *, bold: bool = False) -> str:
    """The state in words that follow a title or number: "waiting for someone in Sales, due …".

    A new message may say that something is open or offered, so people in it are named. The other states come to a
    message by redrawing it, which notifies nobody: there a mention, which opens the person's profile, is better.
    """
    handoff = details.handoff

    def person(user: str | None) -> str:
        return "you" if user == reader and user else mention(user or "")

    match situation(handoff):
        case Situation.OFFERED:
            whom = wording.who(details, handoff.offered_to, reader)
            return f"offered to {whom} in {wording.team(details.queue)}{due_phrase(details, now, bold=bold)}"
        case Situation.CLAIMED:
            has = "you have" if handoff.owner == reader else f"{person(handoff.owner)} has"
            rests = f", resting until {when(handoff.snoozed_until)}" if handoff.snoozed_until else ""
            pauses = f"{rests}{_waiting_phrase(handoff, reader)}"
            return f"{has} it{pauses or due_phrase(details, now, bold=bold)}{_accountable_phrase(details, reader)}"
        case Situation.RETURNED:
            asked = ": add what is missing and resend it" if handoff.sender == reader else ", who is asked for more"
            return f"back with {person(handoff.sender)}{asked}"
        case Situation.DONE | Situation.CANCELLED:
            by = finished_by(details)
            last = handoff.last_owner if handoff.state is State.DONE else None
            whose = f" by {person(by)}" if by else f", last with {person(last)}" if last else ""
            return f"{wording.STATES[handoff.state]}{whose}, {when(handoff.state_since)}"
        case Situation.DELETED:
            return "deleted"
        case Situation.NEW | Situation.OPEN:
            return f"waiting for someone in {wording.team(details.queue)}{due_phrase(details, now, bold=bold)}"


def _waiting_phrase(handoff: Handoff, reader: str) -> str:
    """The part of the phrase about an open question to the sender; empty if there is none."""
    if handoff.asked_at is None:
        return ""
    whose = "your" if handoff.sender == reader else f"{mention(handoff.sender)}'s"
    return f", waiting for {whose} answer since {when(handoff.asked_at)}"


def _accountable_phrase(details: HandoffDetails, reader: str) -> str:
    """The part of the phrase about who is still accountable, until a hard read-back is given."""
    handoff = details.handoff
    if handoff.owner is None or has_taken_over(handoff):
        return ""
    until = "until you have read it back" if handoff.owner == reader else "until it is read back"
    if handoff.accountable == reader:
        return f"; you answer for it {until}"
    managers = handoff.accountable.startswith("queue:")
    whom = (
        f"{wording.who(details, handoff.accountable)} answer" if managers else f"{mention(handoff.accountable)} answers"
    )
    return f"; {whom} for it {until}"


def finished_by(details: HandoffDetails) -> str | None:
    """The person who completed or cancelled it, from the history or the note of that act; None if unknown."""
    verb = {State.DONE: Verb.COMPLETE, State.CANCELLED: Verb.CANCEL}.get(details.handoff.state)
    for entry in reversed(details.history):
        if entry.verb == verb:
            return entry.actor
    for note in reversed(details.notes):
        if note.verb == verb and note.at >= details.handoff.state_since:
            return note.author
    return None


def next_act(details: HandoffDetails) -> str:
    """The next act and its person in a sentence, for people who cannot see the buttons; empty at the end."""
    handoff = details.handoff
    match situation(handoff):
        case Situation.OPEN:
            return "Press Claim to take it."
        case Situation.OFFERED:
            return f"{wording.who(details, handoff.offered_to)} can claim or decline it."
        case Situation.CLAIMED:
            return _owners_act(details)
        case Situation.RETURNED:
            return f"{wording.who(details, handoff.sender)} adds what is missing and resends it."
    return ""


def _owners_act(details: HandoffDetails) -> str:
    """The next act on claimed work, in a sentence."""
    handoff = details.handoff
    owner = wording.who(details, handoff.owner)
    if handoff.snoozed_until:
        return f"{owner} can press {wording.RESUME} before that."
    if handoff.asked_at:
        return f"{wording.who(details, handoff.sender)} answers the question."
    if handoff.read_back in {ReadBackStatus.DUE, ReadBackStatus.CORRECTED}:
        return f"{owner} reads it back."
    return f"{owner} presses Done when it is finished."


def _deadline(details: HandoffDetails) -> datetime | None:
    """The deadline of the clock for this state (claim, or finish once claimed); None while it is paused."""
    if details.handoff.snoozed_until or details.handoff.asked_at:
        return None
    clock = _CLOCK_OF.get(situation(details.handoff))
    timer = details.timer(clock) if clock else None
    return timer.deadline_at if timer else None


def due_phrase(details: HandoffDetails, now: datetime, *, bold: bool) -> str:
    """The deadline in words that end a headline: ", due …" or ", late since …"; empty without one."""
    at = _deadline(details)
    if at is None:
        return ""
    return f", due {when(at)}" if now < at else f", {phrases.set_off('late', bold=bold)} since {when(at)}"
