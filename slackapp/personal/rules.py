"""Decide whether somebody can be away until an instant, who can cover for them, and which quiet hours they can have."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Final

from slackapp.people.rules.covering import is_away
from slackapp.people.rules.standing import is_admitted
from slackapp.personal.model import AwayProblem, SettingsProblem
from storage.company.model import Person

LONGEST: Final = timedelta(days=366)
"""How long somebody can be away in one go."""
LONGEST_QUIET: Final = timedelta(hours=16)
"""The longest daily quiet hours."""
_DAY: Final = timedelta(days=1)


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


def quiet_problem(since: time | None, until: time | None) -> SettingsProblem | None:
    """Return why nobody can have these daily quiet hours, or None."""
    if since is None or until is None:
        return SettingsProblem.ONE_MISSING if since != until else None
    if since == until:
        return SettingsProblem.SAME
    length = timedelta(hours=until.hour - since.hour, minutes=until.minute - since.minute) % _DAY
    return SettingsProblem.TOO_LONG if length > LONGEST_QUIET else None
