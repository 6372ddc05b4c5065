"""`/handoff why 42`: who was told what about a handoff and when, and how its clocks stand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from slackapp.capability import Word, number
from slackapp.listeners.desk import Desk, Reply, Tell
from slackapp.listeners.inbound import Command
from slackapp.usecases import why as reading
from slackapp.usecases.outcomes import Missing
from slackapp.views import answers
from slackapp.views import why as views


def why(desk: Desk, said: Command, number: int) -> Reply:
    """The log of notifications of the handoff with this number."""
    told = reading.why(desk.baton, workspace=desk.workspace, number=number, user=said.who.user)
    if isinstance(told, Missing):
        return Tell(post=answers.no_such(str(number)))
    known = views.Known(
        picture=told.seen.picture,
        clocks=told.clocks,
        notices=told.notices,
        posted=told.posted,
        pending=told.pending,
        calendars=told.calendars,
        now=told.seen.now,
    )
    return Tell(post=views.why(known))


WORDS: Final[Mapping[str, Word[Any]]] = {
    "why": Word(
        talk=why,
        reads=number,
        usage="`{command} why 42` tells who was told of #42 and when, and how its clocks stand",
    ),
}
