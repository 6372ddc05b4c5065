"""Draw the form Away, what it leads to, and the messages to and about covers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from slackapp.handoffs.model import HandoffDetails
from slackapp.handoffs.views import lists
from slackapp.personal.model import Away, AwayProblem, CoverScene
from slackapp.slack import ids
from slackapp.slack.block_kit import inputs, phrases
from slackapp.slack.block_kit.blocks import Block, Post, actions, button, context, said, section, when
from slackapp.slack.block_kit.inputs import InputLabels
from slackapp.slack.block_kit.modals import modal
from storage.company.model import Person

TITLE: Final = "Away"
_UNTIL: Final = InputLabels(label="Until", hint="Baton ends it then.")
_BY: Final = InputLabels(
    label="Who covers for you",
    hint=(
        "A teammate. Until you're back they get offers, questions and reminders that are for you. Your handoffs stay "
        "yours."
    ),
)
PROBLEMS: Final[Mapping[AwayProblem, str]] = {
    AwayProblem.PAST: "This time has passed. Choose a later one.",
    AwayProblem.TOO_FAR: "This is more than a year from now. Choose an earlier time.",
    AwayProblem.YOURSELF: "You can't cover for yourself. Choose a teammate, or leave it empty.",
    AwayProblem.CANNOT: "This person can't own work: they have left, are an app, or are from another company. Choose "
    "a teammate.",
    AwayProblem.NOT_ON_TEAM: "This person isn't on a team with you. Choose a teammate, or leave it empty.",
    AwayProblem.COVER_AWAY: "This person is away at the moment. Choose someone else, or leave it empty.",
}
UNKNOWN: Final = "Baton doesn't know you yet, so nothing was changed. Try again in a few minutes."
NOT_COVERING: Final = "You no longer cover for this person, so their handoffs aren't listed."
_REASONS: Final[Mapping[AwayProblem, str]] = {
    AwayProblem.CANNOT: "they have left",
    AwayProblem.NOT_ON_TEAM: "you're no longer on a team together",
    AwayProblem.COVER_AWAY: "they're away too",
}


def form(away: Away, until: datetime) -> Block:
    """The form; `until` is shown if the person is not away."""
    person = away.person
    return modal(
        TITLE,
        ids.AWAY_SET,
        [
            *_standing(away),
            inputs.field("until", _UNTIL, inputs.instant(person.absent_until or until)),
            inputs.field("cover", _BY, inputs.person(person.cover), optional=True),
            context("Others see only until when you're away."),
        ],
        submit="Save",
    )


def result(away: Away) -> Block:
    """What follows from the absence that was set, and what can be done about open work."""
    person = away.person
    until = when(person.absent_until) if person.absent_until else ""
    lines = [f"You're away until {until}.", _covered(away)]
    if away.owned:
        lines.append(
            f"You own {phrases.counted(away.owned, 'open handoff')}. They stay yours unless you hand them over."
        )
    if away.covered:
        names = ", ".join(_name(one) for one in away.covered)
        lines.append(f"You cover for {names}. Baton tells them that you're away.")
    hand_over = button("Hand them over…", ids.BulkAction.HAND_OVER, ids.button_value("own"))
    buttons = [hand_over] if away.owned else []
    return modal(TITLE, ids.SHOW, [section("\n".join(lines)), *actions(*buttons, _end_button())])


def home(away: Away, _now: datetime) -> list[Block]:
    """The part of the Home tab: the switch, or until when the person is away and who covers."""
    person = away.person
    if person.absent_until is None:
        return actions(button("Away…", ids.AWAY_OPEN, "home"), _settings_button())
    lead = f"*You're away until {when(person.absent_until)}.* {_covered(away)}"
    change = button("Change…", ids.AWAY_OPEN, "home", about="your absence")
    return [section(lead), *actions(_end_button(), change, _settings_button())]


def back() -> Block:
    """The confirmation that the absence has ended."""
    return modal(TITLE, ids.SHOW, [section("You're back. If anything waited for you, one message tells you.")])


def cover(scene: CoverScene, _now: datetime) -> Post | None:
    """Draw the message to who covers; afterwards, that they do not any more."""
    name = _name(scene.person)
    if not scene.active or scene.person.absent_until is None:
        text = f"You no longer cover for {name}. Nothing to do."
        return Post(text=text, blocks=[section(text)], settled=True) if scene.posted else None
    lead = f"You cover for {name} until {when(scene.person.absent_until)}."
    more = f"Offers, questions and reminders for {name} come to you until then. {name} still owns their handoffs."
    show = button("Show handoffs", ids.AWAY_LIST, scene.person.id, about=f"of {scene.person.name}")
    return Post(text=f"{lead} {more}", blocks=[section(f"*{lead}*\n{more}"), *actions(show)])


def uncovered(scene: CoverScene, _now: datetime) -> Post | None:
    """Draw the message to a person who is away and whose cover does not cover any more."""
    why = _REASONS.get(AwayProblem(str(scene.payload["why"])), "they can't")
    if scene.person.absent_until is None:
        return None if not scene.posted else _plain(f"{_name(scene.cover)} could not cover for you: {why}.")
    waits = "Reminders for you wait until you're back, and managers are notified instead."
    text = f"{_name(scene.cover)} doesn't cover for you at the moment: {why}. {waits}"
    choose = button("Choose someone else…", ids.AWAY_OPEN, "uncovered")
    return Post(text=text, blocks=[section(text), *actions(choose)])


def listed(person: Person, held: Sequence[HandoffDetails], sent: Sequence[HandoffDetails], now: datetime) -> Post:
    """The open handoffs of a person who is away, for who covers."""
    found = lists.own_list(held, sent, now)
    lead = f"Open handoffs of {_name(person)}, covered by you."
    if not held and not sent:
        return _plain(f"{_name(person)} has no open handoffs that you can see.")
    return Post(text=f"{lead} {found.text}", blocks=[section(lead), *found.blocks])


def _standing(away: Away) -> list[Block]:
    person = away.person
    if person.absent_until is None:
        return []
    return [section(f"You're away until {when(person.absent_until)}. {_covered(away)}"), *actions(_end_button())]


def _covered(away: Away) -> str:
    if away.cover is None:
        return "Nobody covers for you: reminders wait until you're back, and managers are notified instead."
    return f"{_name(away.cover)} covers for you."


def _end_button() -> Block:
    return button("I'm back", ids.AWAY_END, "back")


def _settings_button() -> Block:
    return button("Settings…", ids.SETTINGS_OPEN, "home")


def _plain(text: str) -> Post:
    return Post(text=text, blocks=[section(text)], settled=True)


def _name(person: Person) -> str:
    return said(person.name)
