"""Tell a second press of a button, or a second delivery of the first, from a new one that means the same."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from storage.handoffs.acts import Act, Continue
from storage.handoffs.model import AuditEntry

_A_MOMENT: Final = timedelta(minutes=1)


def is_a_moment_ago(at: datetime, now: datetime) -> bool:
    """Whether what happened then and is asked for again now was meant once. Clocks of two machines may differ."""
    return abs(now - at) < _A_MOMENT


def may_be_pressed_twice(act: Act) -> bool:
    """Whether the state of a handoff does not tell that the act was done already: "still on it" leaves it as it was."""
    return isinstance(act, Continue) and act.by == "button"


def is_pressed_twice(act: Act, user: str, last: AuditEntry | None, now: datetime) -> bool:
    """Whether the last thing that happened to the handoff is the same act of the same person, a moment ago."""
    return last is not None and (last.verb, last.actor) == (act.verb, user) and is_a_moment_ago(last.at, now)
