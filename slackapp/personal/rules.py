"""Decide whether somebody can be away until an instant, and whether a colleague can cover for them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from slackapp.people.rules.covering import is_away
from slackapp.people.rules.standing import is_admitted
from slackapp.personal.model import AwayProblem
from storage.company.model import Person

LONGEST: Final = timedelta(days=366)
"""How long somebody can be away in one go."""


def until_problem(until: datetime, now: datetime) -> AwayProblem | None:
    """Return why nobody can be away until then, or None."""
    if until <= now:
        return AwayProblem.PAST
    return AwayProblem.TOO_FAR if until > now + LONGEST else None


def cover_problem(user: str, cover: Person | None, *, on_team: bool, now: datetime) -> AwayProblem | None:
    """Return why this person cannot cover for `user`, or None; `on_team` tells whether they share a team."""
    if cover is None or not is_admitted(cover):
        return AwayProblem.CANNOT
    if cover.id == user:
        return AwayProblem.YOURSELF
    if not on_team:
        return AwayProblem.NOT_ON_TEAM
    return AwayProblem.COVER_AWAY if is_away(cover, now) else None
