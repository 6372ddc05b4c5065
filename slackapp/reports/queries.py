"""Read verdicts on received context as numbers: of the reader's own teams, and on what the reader sent.

A team's numbers are shown to its people only; verdicts on one person's handoffs to that person only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from slackapp.handoffs.rules.judging import OWN_VERDICTS
from slackapp.people.queries import actors_for
from slackapp.people.rules.permissions import ACTING_ROLES
from slackapp.reports.rules import WINDOW, Tally
from slackapp.runtime.baton import PATIENCE_S, Baton
from storage.company import queues
from storage.company.model import Queue
from storage.db.database import Tx
from storage.handoffs import verdicts
from storage.handoffs.acts import Verdict
from storage.handoffs.verdicts import Count
from storage.templates import templates


@dataclass(frozen=True, kw_only=True)
class QueueReport:
    """Verdicts of a queue by the name of the template; None is the plain form."""

    queue: Queue
    by_template: Mapping[str | None, Tally]


@dataclass(frozen=True, kw_only=True)
class ContextReport:
    """The verdicts that one person may see."""

    teams: Sequence[QueueReport]
    """The person's teams with finished handoffs, in the order of the queues."""
    own: Sequence[Verdict]
    """Verdicts on what the person sent, newest first."""
    hidden: bool = False
    """Whether the requested team is not the person's own."""


def load_context_report(baton: Baton, *, workspace: str, user: str, queue: Queue | None) -> ContextReport:
    """Return the verdicts of one team, or of all teams of this person, and those on their own handoffs."""
    since = baton.clock.now() - WINDOW
    with baton.db.reading(wait_s=PATIENCE_S) as tx:
        own = verdicts.list_last_for_sender(tx, workspace, user, since, OWN_VERDICTS)
        asked = [queue] if queue else queues.list_all(tx, workspace)
        actors = actors_for(tx, user, asked)
        theirs = [one for one in asked if actors[one.key].roles & ACTING_ROLES]
        counted = _counted(tx, workspace, since) if theirs else {}
        names = {one.key: one.name for one in templates.list_all(tx, workspace)} if theirs else {}
        teams = [_team(one, counted[one.key], names) for one in theirs if one.key in counted]
        return ContextReport(teams=teams, own=own, hidden=queue is not None and not theirs)


def _counted(tx: Tx, workspace: str, since: datetime) -> dict[str, list[Count]]:
    """Return every count since an instant, by queue."""
    found: dict[str, list[Count]] = {}
    for count in (*verdicts.count_given(tx, workspace, since), *verdicts.count_not_given(tx, workspace, since)):
        found.setdefault(count.queue, []).append(count)
    return found


def _team(queue: Queue, counts: Sequence[Count], names: Mapping[str, str]) -> QueueReport:
    keys = sorted({one.template for one in counts}, key=lambda key: key or "")
    return QueueReport(
        queue=queue,
        by_template={names.get(key, key) if key else None: _tally(counts, key) for key in keys},
    )


def _tally(counts: Iterable[Count], template: str | None) -> Tally:
    of_it = [one for one in counts if one.template == template]
    return Tally(
        given={one.verdict: one.number for one in of_it if one.verdict},
        unanswered=sum(one.number for one in of_it if one.verdict is None),
    )
