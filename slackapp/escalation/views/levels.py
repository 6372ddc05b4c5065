"""Reminders and escalations: what is late, for how long, and the buttons to act on it; and the question "Still on it?".

Afterwards the same message says what became of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from slackapp.clocks.rules.clock_changes import SIGNS_OF_LIFE
from slackapp.escalation.views import reminder_outcomes, reminders
from slackapp.escalation.views.reminder_outcomes import SentReminder
from slackapp.escalation.views.reminders import ReminderContext
from slackapp.handoffs.model import HandoffDetails, HandoffScene
from slackapp.handoffs.views import wording
from slackapp.handoffs.views.card import show_button, verb_buttons
from slackapp.slack.block_kit import phrases
from slackapp.slack.block_kit.blocks import Block, Post, actions, context, link, section, when
from storage.clocks.model import ClockKind, Do
from storage.handoffs.lifecycle import Role, State, Verb

YES: Final[Mapping[Verb, str]] = {Verb.CONTINUE: "Yes"}
"""How the owner says that they are still on it."""


def message(scene: HandoffScene, now: datetime) -> Post | None:
    """Draw the message `level`."""
    return level(scene.details, scene.payload, now, posted=scene.posted)


def level(details: HandoffDetails, payload: Mapping[str, Any], now: datetime, *, posted: bool) -> Post | None:
    """Draw a reminder while its clock runs; afterwards, if Slack has it already, what became of it."""
    if details.handoff.state is State.DELETED:
        return None
    reader, clock = str(payload["recipient"]), ClockKind(payload["clock"])
    if payload.get("do") == Do.CHECK:
        return _check(details, payload, now, posted=posted)
    timer = details.running(clock, payload["run"])
    if timer is None:
        return _message(details, reminder_outcomes.line(details, spoken_of(payload), now)) if posted else None
    due = timer.deadline_at or deadline(payload)
    plain, shown = (
        reminders.sentence(ReminderContext(details=details, timer=timer, reader=reader, now=now, bold=bold), due)
        for bold in (False, True)
    )
    return _message(details, plain, shown, _buttons(details, clock, payload))


def deadline(payload: Mapping[str, Any]) -> datetime | None:
    """When the clock was due as the reminder was put."""
    written = payload.get("deadline_at")
    return datetime.fromisoformat(written) if isinstance(written, str) else None


def spoken_of(payload: Mapping[str, Any]) -> SentReminder:
    """Which reminder a payload is about."""
    return SentReminder(clock=ClockKind(payload["clock"]), level=str(payload.get("level")), due=deadline(payload))


def asked(details: HandoffDetails, reader: str) -> bool:
    """Whether Baton waits for this person's answer to "Still on it?" now."""
    timer = details.timer(ClockKind.CHECK)
    return timer is not None and timer.running_since is not None and details.handoff.owner == reader


def question(details: HandoffDetails, *, bold: bool, linked: bool = False) -> str:
    """Ask the owner whether they are still on it, and say until when an answer is awaited and what happens otherwise.

    `linked` links the number to the card.
    """
    timer = details.timer(ClockKind.CHECK)
    by = timer.deadline_at or timer.due_at if timer else None
    name = wording.name(details, bold=bold, linked=linked)
    back = f"it goes back to {wording.team(details.queue)}{f' {when(by)}' if by else ''}"
    lead = phrases.set_off("Still on it?", bold=bold)
    return f"{lead} {name}: no word since {when(reminders.last_word(details))}. Without an answer {back}."


def first_button(details: HandoffDetails) -> Block:
    """The button that answers the question with yes."""
    return verb_buttons(details.handoff, [Verb.CONTINUE], YES)[0]


def roles_of(details: HandoffDetails, reader: str) -> frozenset[Role]:
    """What a recipient is in the queue where nobody has written it down: whoever is not the sender is a manager."""
    return frozenset() if reader == details.handoff.sender else frozenset({Role.MANAGER})


def _check(details: HandoffDetails, payload: Mapping[str, Any], now: datetime, *, posted: bool) -> Post | None:
    handoff, reader = details.handoff, str(payload["recipient"])
    spoken = spoken_of(payload)
    answer = reminder_outcomes.answer_to(details, spoken, asks=ClockKind.CHECK)
    if asked(details, reader) and answer is None:
        plain, shown = (question(details, bold=bold) for bold in (False, True))
        acts = [Verb.CONTINUE, Verb.RELEASE]
        return _message(details, plain, shown, [*verb_buttons(handoff, acts, YES), show_button(handoff)])
    if not posted:
        return None
    name = f"{wording.number(handoff)} {wording.title(handoff)}"
    if answer and answer.user == reader and answer.verb in SIGNS_OF_LIFE:
        return _message(details, f"You are still on {name}: you said so {when(answer.at)}.")
    if answer and answer.verb is Verb.LAPSE:
        back = f"{name} went back to {wording.team(details.queue)} {when(answer.at)}"
        return _message(details, f"{back} because there was no answer.")
    return _message(details, reminder_outcomes.line(details, spoken, now))


def _message(details: HandoffDetails, plain: str, shown: str | None = None, buttons: list[Block] | None = None) -> Post:
    where = [context(link(details.permalink, "See the card"))] if details.permalink else []
    return Post(text=plain, blocks=[section(shown or plain), *where, *actions(*(buttons or []))])


def _buttons(details: HandoffDetails, clock: ClockKind, payload: Mapping[str, Any]) -> list[Block]:
    """The recipient's buttons, and Show all where there is room.

    `roles` in the payload are what the recipient was in the queue when the level spoke.
    """
    handoff, reader = details.handoff, str(payload["recipient"])
    known = payload.get("roles")
    roles = roles_of(details, reader) if known is None else frozenset(Role(role) for role in known)
    verbs = reminders.verbs(details, clock, reader, roles)
    room = () if Verb.ASSIGN in verbs else (show_button(handoff),)
    labels = {Verb.ANSWER: wording.END_QUESTION} if reader == handoff.owner else None
    return [*verb_buttons(handoff, verbs, labels), *room]
