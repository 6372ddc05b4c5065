"""Take back covers who cannot cover any more: they left, or are not in a team with the person who is away."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final

from slackapp.people.rules.standing import is_admitted
from slackapp.personal.actions.away import cover_message, redraw_open_messages, uncovered_message
from slackapp.personal.model import AwayProblem
from slackapp.personal.queries.away import share_a_team
from storage.company import absences, people
from storage.company.model import Person
from storage.db.database import Tx
from storage.outbox import outbox

_GROUP: Final = "S"
"""How Slack's ids of user groups begin."""


def after_people(tx: Tx, workspace: str, refs: Collection[str], now: datetime) -> None:
    """Check the covers whom a change of these people and user groups may concern. Runs before reminders are decided."""
    groups = any(ref.startswith(_GROUP) for ref in refs)
    for person in absences.list_covered(tx, workspace):
        if groups or person.id in refs or person.cover in refs:
            _check(tx, person, now)


def check_all(tx: Tx, workspace: str, now: datetime) -> None:
    """Check every cover of a workspace, after a change of its teams."""
    for person in absences.list_covered(tx, workspace):
        _check(tx, person, now)


def _check(tx: Tx, person: Person, now: datetime) -> None:
    workspace, cover = person.workspace, person.cover
    if cover is None or person.absent_since is None or person.absent_until is None:
        return
    why = _why_not(tx, person, people.get(tx, workspace, cover))
    if why is None:
        return
    absences.put(tx, workspace, person.id, since=person.absent_since, until=person.absent_until, cover=None)
    redraw_open_messages(tx, person, now)
    outbox.put(tx, [cover_message(person, cover), uncovered_message(person, cover, why)], now)


def _why_not(tx: Tx, person: Person, cover: Person | None) -> AwayProblem | None:
    if cover is None or not is_admitted(cover):
        return AwayProblem.CANNOT
    return None if share_a_team(tx, person.workspace, person.id, cover.id) else AwayProblem.NOT_ON_TEAM
