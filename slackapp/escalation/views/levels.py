"""Draw the message of one escalation level, a reminder or "Still on it?", with its buttons; later, its outcome.

Afterwards the same message says what became of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from slackapp.clocks.rules.clock_changes import PROGRESS_VERBS
from slackapp.escalation.views import reminder_outcomes, reminders
from slackapp.escalation.views.reminder_outcomes import SentReminder
from slackapp.escalation.views.reminders import ReminderContext
from slackapp.handoffs.model import HandoffDetails, HandoffScene
from slackapp.handoffs.views import status, wording
from slackapp.handoffs.views.card import show_button, verb_buttons
from slackapp.slack.block_kit import phrases
from slackapp.slack.block_kit.blocks import Block, Post, actions, context, link, section, when
from storage.clocks.model import ClockKind, LevelAction
from storage.handoffs.lifecycle import Role, State, Verb

CONFIRM: Final[Mapping[Verb, str]] = {Verb.CONTINUE: "Yes"}
"""Label of the button with which the owner confirms that they are still working on it."""


def message(scene: HandoffScene, now: datetime) -> Post | None:
    """Draw the message `level`."""
    return level_message(scene.details, scene.payload, now, posted=scene.posted, superseded=scene.superseded)


def level_message(
    details: HandoffDetails, payload: Mapping[str, Any], now: datetime, *, posted: bool, superseded: bool = False
) -> Post | None:
    """Draw a reminder while its clock runs; afterwards its outcome, or None if it was never posted.

    A superseded reminder does not say how the handoff stands after its outcome: a newer message to the reader does.
    """
    if details.handoff.state is State.DELETED:
        return None
    reader, clock = str(payload["recipient"]), ClockKind(payload["clock"])
    if payload.get("do") == LevelAction.CHECK:
        return _check(details, payload, now, posted=posted, superseded=superseded)
    timer = details.running(clock, payload["run"])
    if timer is None:
        return _outcome(details, sent_reminder(payload), now, reader, superseded=superseded) if posted else None
    due = timer.deadline_at or deadline(payload)
    instead_of = payload.get("for")
    reminder = ReminderContext(details=details, timer=timer, reader=reader, now=now, instead_of=instead_of)
    about = reminders.background(details)
    plain = f"{reminders.sentence(reminder, due)} {about[0].upper()}{about[1:]}."
    shown = reminders.line(replace(reminder, bold=True), due)
    return _message(details, plain, shown, _buttons(details, clock, payload), about=about)


def deadline(payload: Mapping[str, Any]) -> datetime | None:
    """Return the deadline in a reminder's payload, or None."""
    written = payload.get("deadline_at")
    return datetime.fromisoformat(written) if isinstance(written, str) else None


def sent_reminder(payload: Mapping[str, Any]) -> SentReminder:
    """Return the reminder that a payload describes."""
    return SentReminder(clock=ClockKind(payload["clock"]), level=str(payload.get("level")), due=deadline(payload))


def is_asked(details: HandoffDetails, reader: str) -> bool:
    """Whether this person's answer to "Still on it?" is pending."""
    timer = details.timer(ClockKind.CHECK)
    return timer is not None and timer.running_since is not None and details.covers(reader, details.handoff.owner)


def check_question(details: HandoffDetails, *, bold: bool, linked: bool = False) -> str:
    """Return "Still on it?" with the time for an answer and what happens without one.

    `linked` links the number to the card.
    """
    timer = details.timer(ClockKind.CHECK)
    by = timer.deadline_at or timer.due_at if timer else None
    name = wording.name(details, bold=bold, linked=linked)
    back = f"it goes back to {wording.team(details.queue)}{f' {when(by)}' if by else ''}"
    lead = phrases.set_off("Still on it?", bold=bold)
    since = when(reminders.last_progress_at(details))
    return f"{lead} {name}: no update since {since}. Without an answer, {back}."


def first_button(details: HandoffDetails) -> Block:
    """Return the button that answers "Still on it?" with yes."""
    return verb_buttons(details.handoff, [Verb.CONTINUE], CONFIRM)[0]


def assumed_roles(details: HandoffDetails, reader: str) -> frozenset[Role]:
    """Return the roles of a recipient for whom none are stored: none for the sender, manager for anybody else."""
    return frozenset() if reader == details.handoff.sender else frozenset({Role.MANAGER})


def _outcome(details: HandoffDetails, sent: SentReminder, now: datetime, reader: str, *, superseded: bool) -> Post:
    """Draw what became of a reminder. Without a known act it says how the handoff stands, and is never settled."""
    settled = superseded and reminder_outcomes.outcome_of(details, sent) is not None
    line = reminder_outcomes.outcome_line(details, sent, now, superseded=superseded)
    handoff = details.handoff
    over = handoff.final or (handoff.state is State.CLAIMED and handoff.owner != reader)
    text = f"{line} Nothing to do." if over and not superseded else line
    sign = "" if superseded else f"{status.status(details, now).sign} "
    return replace(_message(details, text, f"{sign}{text}"), settled=settled)


def _check(
    details: HandoffDetails, payload: Mapping[str, Any], now: datetime, *, posted: bool, superseded: bool
) -> Post | None:
    handoff, reader = details.handoff, str(payload["recipient"])
    reminder = sent_reminder(payload)
    answer = reminder_outcomes.outcome_of(details, reminder, asks=ClockKind.CHECK)
    if is_asked(details, reader) and answer is None:
        for_whom = wording.in_place_of(details, payload.get("for"))
        plain, shown = (f"{for_whom}{check_question(details, bold=bold)}" for bold in (False, True))
        acts = [Verb.CONTINUE, *([Verb.RELEASE] if handoff.owner == reader else [Verb.COMPLETE])]
        return _message(details, plain, shown, [*verb_buttons(handoff, acts, CONFIRM), show_button(handoff)])
    if not posted:
        return None
    name = f"{wording.number(handoff)} {wording.title(handoff)}"
    if answer and answer.user == reader and answer.verb in PROGRESS_VERBS:
        owner = f"{wording.who(details, payload['for'])} is" if payload.get("for") else "you are"
        answered = f"You said {when(answer.at)} that {owner} still on {name}."
    elif answer and answer.verb is Verb.LAPSE:
        back = f"{name} went back to {wording.team_of(details, answer.queue)} {when(answer.at)}"
        answered = f"{back} because there was no answer."
    else:
        return _outcome(details, reminder, now, reader, superseded=superseded)
    line = answered if answer.holds or superseded else f"{answered} {reminder_outcomes.standing(details, now)}"
    return replace(_message(details, line), settled=superseded)


def _message(
    details: HandoffDetails,
    plain: str,
    shown: str | None = None,
    buttons: list[Block] | None = None,
    *,
    about: str = "",
) -> Post:
    where = link(details.permalink, "See the card") if details.permalink else ""
    below = " · ".join(part for part in (about, where) if part)
    blocks = [section(shown or plain), *([context(below)] if below else []), *actions(*(buttons or []))]
    return Post(text=plain, blocks=blocks)


def _buttons(details: HandoffDetails, clock: ClockKind, payload: Mapping[str, Any]) -> list[Block]:
    """Return the recipient's buttons, and Details.

    `roles` in the payload are what the recipient was in the queue when the level spoke.
    """
    handoff, reader = details.handoff, str(payload["recipient"])
    known = payload.get("roles")
    roles = assumed_roles(details, reader) if known is None else frozenset(Role(role) for role in known)
    verbs = reminders.verbs(details, clock, reader, roles)
    labels = {Verb.ANSWER: wording.END_QUESTION} if reader == handoff.owner else None
    return [*verb_buttons(handoff, verbs, labels), show_button(handoff)]
