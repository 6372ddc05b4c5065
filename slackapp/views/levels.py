"""Reminders and escalations: what is late, for how long, and the buttons to act on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from slackapp.blocks import Post, actions, context, link, section, when
from slackapp.views import words
from slackapp.views.card import show_button, verb_buttons
from storage.lifecycle import Actor, Role, Situation, State, Verb, allowed, situation
from storage.picture import Picture
from storage.records import Clock, Handoff, Timer

CHANNEL: Final = "channel"
"""The recipient of what is said in the card's thread."""

_NOW: Final = timedelta(minutes=1)
"""How close to the deadline a reminder says "due now"."""

_ANSWERS: Final = frozenset({Verb.CLAIM, Verb.ASSIGN, Verb.COMPLETE, Verb.RETURN, Verb.TRANSFER, Verb.CANCEL})
"""What stops the claim clock."""

_ENDINGS: Final = frozenset({Verb.COMPLETE, Verb.CANCEL})
"""What stops every other clock."""

_STOPPED_BY: Final[Mapping[Clock, Mapping[State, Verb]]] = {
    Clock.CLAIM: {State.CLAIMED: Verb.CLAIM},
    Clock.FINISH: {State.DONE: Verb.COMPLETE},
}


@dataclass(frozen=True, kw_only=True)
class _Answer:
    """What stopped the clock that a reminder spoke of."""

    verb: Verb
    user: str
    at: datetime


def level(picture: Picture, payload: Mapping[str, Any], now: datetime, *, posted: bool) -> Post | None:
    """Draw a reminder while its clock runs; afterwards, if Slack has it already, what became of it."""
    if picture.handoff.state is State.DELETED:
        return None
    timer = _running(picture, payload)
    if timer is None:
        return _over(picture, payload, now) if posted else None
    reader = str(payload["recipient"])
    due = timer.deadline_at or _deadline(payload)
    text, shown = (_sentence(picture, timer, due, now, reader, bold=bold) for bold in (False, True))
    return Post(
        text=text, blocks=[section(shown), *_reference(picture), *actions(*_buttons(picture, timer.clock, payload))]
    )


def _running(picture: Picture, payload: Mapping[str, Any]) -> Timer | None:
    timer = picture.timer(Clock(payload["clock"]))
    return timer if timer and timer.run == payload["run"] and timer.running_since else None


def _deadline(payload: Mapping[str, Any]) -> datetime | None:
    stored = payload.get("deadline_at")
    return datetime.fromisoformat(stored) if stored else None


def _sentence(picture: Picture, timer: Timer, due: datetime | None, now: datetime, reader: str, *, bold: bool) -> str:
    """The headline of a reminder; it begins with "Late:" once the deadline has passed."""
    what = _what(picture, timer, now, reader, bold=bold)
    if due is None:
        return f"{what}."
    if abs(now - due) < _NOW:
        return f"{words.set_off('Due now:', bold=bold)} {what}."
    if now < due:
        return f"{what}. It is due {when(due)}, in {words.span(due - now)}."
    return f"{words.set_off('Late:', bold=bold)} {what}. It was due {when(due)}, {words.span(now - due)} ago."


def _what(picture: Picture, timer: Timer, now: datetime, reader: str, *, bold: bool) -> str:
    handoff = picture.handoff
    title = f"{words.number(handoff)} {words.set_off(words.title(handoff), bold=bold)}"
    if timer.clock is Clock.CLAIM:
        waits = f"{title} has waited {words.span(now - timer.started_at)}"
        if situation(handoff) is Situation.OFFERED:
            whose = "your answer" if handoff.offered_to == reader else words.who(picture, handoff.offered_to)
            return f"{waits} for {whose}"
        return f"{waits} for someone in {words.team(picture.queue)}"
    holds = "you have it" if handoff.owner == reader else f"{words.who(picture, handoff.owner)} has it"
    if timer.clock is Clock.FINISH:
        return f"{title} is not done; {holds if handoff.owner else 'nobody has it now'}"
    return f"{title}: the {words.CLOCKS[timer.clock].lower()} is still to come; {holds}"


def _buttons(picture: Picture, clock: Clock, payload: Mapping[str, Any]) -> Sequence[dict[str, Any]]:
    """What this recipient can do about it: the channel claims, the owner finishes, managers see to it that it moves.

    `roles` in the payload are what the recipient was in the queue when the level spoke. Messages of older versions
    have none: whoever is not the sender is then a manager.
    """
    handoff, here, reader = picture.handoff, situation(picture.handoff), str(payload["recipient"])
    if reader == CHANNEL:
        wanted = [Verb.CLAIM] if here is Situation.OPEN else []
        return [*verb_buttons(handoff, wanted), show_button(handoff)]
    roles = payload.get("roles", [] if reader == handoff.sender else [Role.MANAGER])
    actor = Actor(user=reader, roles=frozenset(Role(role) for role in roles))
    verbs = [verb for verb in _acts(handoff, clock, actor) if allowed(handoff, verb, actor)]
    room = () if Verb.ASSIGN in verbs else (show_button(handoff),)
    return [*verb_buttons(handoff, verbs), *room]


def _acts(handoff: Handoff, clock: Clock, actor: Actor) -> tuple[Verb, ...]:
    """What somebody is asked to do, as far as they may."""
    if actor.user == handoff.owner:
        return (Verb.COMPLETE, Verb.RELEASE)
    if actor.user == handoff.offered_to:
        return (Verb.CLAIM, Verb.DECLINE)
    if Role.MANAGER in actor.roles:
        return (Verb.CLAIM, Verb.ASSIGN, Verb.EXTEND) if clock is Clock.CLAIM else (Verb.ASSIGN, Verb.EXTEND)
    return () if actor.user == handoff.sender else (Verb.CLAIM,)


def _reference(picture: Picture) -> list[dict[str, Any]]:
    return [context(link(picture.permalink, "See the card"))] if picture.permalink else []


def _over(picture: Picture, payload: Mapping[str, Any], now: datetime) -> Post:
    """Say what stopped the clock and how late that was: "#42 Acme renewal: claimed by Ana, 14:32, 5 min late"."""
    handoff, due = picture.handoff, _deadline(payload)
    answer = _answer(picture, payload)
    if answer is None:
        text = f"{words.number(handoff)} {words.headline(picture, now)}."
    else:
        late = f", {words.span(answer.at - due)} late" if due and answer.at > due else ", in time"
        name = f"{words.number(handoff)} {words.title(handoff)}"
        text = (
            f"{name}: {words.PAST[answer.verb].lower()} by {words.who(picture, answer.user)}, {when(answer.at)}{late}."
        )
    return Post(text=text, blocks=[section(text), *_reference(picture)])


def _answer(picture: Picture, payload: Mapping[str, Any]) -> _Answer | None:
    """Find what came after the reminder in the history; without a history, read it off the handoff's state."""
    history = picture.history
    fired = next(
        (
            index
            for index, entry in enumerate(history)
            if entry.verb == Verb.ESCALATE
            and all(entry.facts.get(key) == payload.get(key) for key in ("clock", "level", "deadline_at"))
        ),
        None,
    )
    if fired is not None:
        stops = _ANSWERS if payload["clock"] == Clock.CLAIM else _ENDINGS
        for entry in history[fired + 1 :]:
            if entry.verb in stops:
                return _Answer(verb=Verb(entry.verb), user=entry.actor, at=entry.at)
        return None
    handoff = picture.handoff
    did = _STOPPED_BY.get(Clock(payload["clock"]), {}).get(handoff.state)
    user = handoff.owner or words.closer(picture)
    return _Answer(verb=did, user=user, at=handoff.state_since) if did and user else None
