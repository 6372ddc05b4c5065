"""Read a Home tab: six statements, whatever the company's size.

1. the person, whether they look, and the admins; 2. the teams; 3. user groups, the person's reports and for whom they
cover; 4. their unfinished handoffs, and those of whom they cover for; 5. the timers of these; 6. the counts of
the person's teams.
Parts of other packages read at most one each.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from slackapp.capability import HomePart, HomeReader
from slackapp.handoffs.model import HandoffDetails
from slackapp.handoffs.queries.load import unknown_queue
from slackapp.home.model import DrawnPart, HomeScene, TeamRow, Work
from slackapp.home.rules import sorted_teams, sorted_work
from slackapp.people.rules import permissions
from slackapp.people.rules.permissions import Team
from slackapp.people.rules.standing import is_admitted
from storage.clocks import home_lists
from storage.clocks.home_lists import Around, Covered, TeamCounts
from storage.company import people, queues
from storage.company.model import Person, Queue
from storage.db.database import Tx
from storage.outbox.model import OutboxMessage

_NO_COUNTS: Final = TeamCounts()


def scene(tx: Tx, wanted: OutboxMessage, now: datetime, parts: Sequence[HomePart[Any]]) -> HomeScene | None:
    """Read a person's Home tab; None if they do not look, or may not use Baton."""
    viewer = home_lists.get_viewer(tx, wanted.workspace, wanted.to.user or "")
    if viewer is None or viewer.home.open_until <= now:
        return None
    if viewer.person is None:
        return HomeScene(home=viewer.home, is_known=False)
    if not is_admitted(viewer.person):
        return None
    person = viewer.person
    is_admin = permissions.administers(person.id, person, viewer.admins, slack_admins=viewer.slack_admins)
    reader = HomeReader(person=person, is_admin=is_admin)
    loaded = ((part, part.load(tx, reader, now)) for part in parts)
    work, teams, covered = _read_work(tx, person, now)
    return HomeScene(
        home=viewer.home,
        covered=covered,
        parts=tuple(DrawnPart(part=part, scene=found) for part, found in loaded if found is not None),
        work=work,
        teams=teams,
    )


def _read_work(tx: Tx, person: Person, now: datetime) -> tuple[Work, tuple[TeamRow, ...], tuple[Covered, ...]]:
    """Read what a person has to do with: their own handoffs and the counts of their teams, in five statements."""
    workspace, user = person.workspace, person.id
    teams = queues.list_all(tx, workspace)
    refs = {ref for queue in teams for ref in (*queue.members, *queue.managers) if people.is_group(ref)}
    around = home_lists.get_around(tx, workspace, refs, user)
    own = [queue for queue in teams if permissions.belongs_to(user, _team(queue, around, user))]
    counts = home_lists.count_by_team(tx, workspace, [queue.key for queue in own], now)
    by_key = {queue.key: queue for queue in teams}
    found = [
        HandoffDetails(handoff=handoff, queue=by_key.get(handoff.queue) or unknown_queue(handoff), timers=timers)
        for handoff, timers in home_lists.list_live_work(tx, workspace, user, [one.id for one in around.covered])
    ]
    rows = [TeamRow(queue=queue, counts=counts.get(queue.key, _NO_COUNTS)) for queue in own]
    return sorted_work(found, user, now, around.covered), sorted_teams(rows), around.covered


def _team(queue: Queue, around: Around, user: str) -> Team:
    managers = people.with_members(queue.managers, around.groups)
    return Team(
        members=people.with_members(queue.members, around.groups),
        managers=managers,
        admins=(),
        above=(user,) if around.reports.intersection(managers) else (),
    )
