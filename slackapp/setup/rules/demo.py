"""The demo team: a team with hours, deadlines and templates filled in, made and removed with one press."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Final

from storage.clocks.model import WEEKDAYS, Calendar, ClockKind, Duration, Interval, Level, Policy
from storage.company.model import Queue
from storage.handoffs.model import Priority

DEMO: Final = "baton-demo"
"""The key of the demo team, its calendar and its policy. No other team made in Slack gets it."""
NAME: Final = "Demo team"
TEMPLATES: Final = ("general", "ae_csm", "sbar")
EXAMPLE_TITLE: Final = "Acme: new customer, 40 seats"
EXAMPLE_STEP: Final = "Book the introduction call with Mara Vogel"
EXAMPLE_NOTE: Final = "This is an example. Claim it, add a note, mark it as done."
_CLAIM: Final = timedelta(minutes=10)
_FINISH: Final = timedelta(hours=4)
_LATER: Final = timedelta(minutes=10)


def demo_team(channel: str, user: str) -> Queue:
    """The demo team in a channel. The admin who makes it is its member and manager."""
    return Queue(
        workspace="",
        key=DEMO,
        name=NAME,
        channel=channel,
        members=(user,),
        managers=(user,),
        calendar=DEMO,
        policy=DEMO,
        templates=TEMPLATES,
        digest=False,
    )


def demo_hours(zone: str) -> Calendar:
    """The demo team's hours: around the clock every day, so that it can be tried at any hour."""
    whole_day = (Interval(start=time(), end=None),)
    return Calendar(workspace="", key=DEMO, timezone=zone, hours=(whole_day,) * len(WEEKDAYS))


def demo_policy() -> Policy:
    """The demo team's deadlines, short enough to see a reminder."""
    claim, finish = (Duration(seconds=int(length.total_seconds())) for length in (_CLAIM, _FINISH))
    return Policy(
        workspace="",
        key=DEMO,
        targets={ClockKind.CLAIM: {Priority.NORMAL: claim}, ClockKind.FINISH: {Priority.NORMAL: finish}},
        levels=(
            Level(key="claim-soon", clock=ClockKind.CLAIM, percent=50, tell=("channel",)),
            Level(key="claim-late", clock=ClockKind.CLAIM, tell=("managers",)),
            Level(key="finish-late", clock=ClockKind.FINISH, tell=("owner", "managers")),
        ),
    )
