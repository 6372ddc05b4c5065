"""Whether somebody can hear a message now: asked once more, of stored facts, right before it is sent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from slackapp.policy.reach import Reach, Silence, hours_of, reach
from slackapp.usecases.terms import terms, terms_of
from storage import people, policies
from storage.company import Calendar
from storage.database import Tx
from storage.picture import Picture
from storage.records import Clock

About = tuple[Picture, Clock]
"""What a message speaks of: a handoff, and which of its clocks."""


def hearing(tx: Tx, workspace: str, user: str, about: Sequence[About], now: datetime) -> Reach:
    """When a person can hear a message about these clocks.

    At once where the policy of one of them says that its priority wakes people. Otherwise a person without working
    hours of their own can hear in those of any team that the message is about.
    """
    person = people.get(tx, workspace, user)
    own = policies.calendar_of_person(tx, person)
    teams = [None] if own else _calendars(tx, about)
    can = _earliest(reach(person, hours_of(person, own, team), now) for team in teams)
    wakes = can.why is not Silence.GONE and any(_wakes(tx, picture, clock) for picture, clock in about)
    return Reach(at=now) if wakes else can


def _calendars(tx: Tx, about: Sequence[About]) -> list[Calendar | None]:
    """The hours of the teams that the message is about, each once; always, if it is about none."""
    queues = {picture.queue.key: picture.queue for picture, _ in about}
    return [policies.calendar_of(tx, queue) for queue in queues.values()] or [None]


def _earliest(found: Iterable[Reach]) -> Reach:
    return min(found, key=lambda one: (one.at is None, one.at.timestamp() if one.at else 0.0))


def _wakes(tx: Tx, picture: Picture, clock: Clock) -> bool:
    """Whether the handoff's priority wakes people, by the policy that the clock runs under."""
    timer = picture.timer(clock)
    policy = (terms_of(tx, timer) if timer else terms(tx, picture.queue)).policy
    return policy is not None and picture.handoff.priority in policy.wake
