"""A workspace with teams, people and open work, for tests of the Home tab."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from slackapp.capability import DrawnHome
from slackapp.home import queries, views
from slackapp.home.actions import open_home
from slackapp.home.model import HomeScene
from slackapp.slack.block_kit.blocks import Block
from storage.clocks import timers
from storage.clocks.model import ClockKind
from storage.company import people, queues
from storage.company.model import Person
from storage.db.database import Database
from storage.handoffs import handoffs
from storage.handoffs.model import Handoff
from storage.outbox.model import home_of
from tests.builders import TEAM, a_handoff, a_queue, a_timer
from tests.escalation.tick_room import Room
from tests.handoffs.views.view_checks import words_of

LONGEST: Final = "W" * 300
"""A title longer than any row shows."""
HOUR: Final = timedelta(hours=1)


class HomeRoom(Room):
    """The room of the tick, and a person who looks at their Home tab."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.policy()

    def look(self, user: str) -> None:
        """Somebody opens their Home tab, and gets it."""
        open_home(self.baton, workspace=TEAM, user=user, shown_hash=None)

    def scene(self, user: str) -> HomeScene | None:
        """What somebody's Home tab is drawn from now."""
        with self.db.reading() as tx:
            return queries.scene(tx, home_of(TEAM, user), self.clock.now(), ())

    def drawn(self, user: str) -> DrawnHome:
        """Somebody's Home tab as it would be published now."""
        scene = self.scene(user)
        assert scene is not None
        return views.home(scene, self.clock.now())

    def blocks(self, user: str) -> list[Block]:
        """The blocks of somebody's Home tab now; it is opened first."""
        self.look(user)
        found: list[Block] = self.drawn(user).view["blocks"]
        return found

    def text(self, user: str) -> str:
        """All that somebody reads in their Home tab now."""
        return words_of(self.blocks(user))

    def add(self, number: int, *, deadline: datetime | None = None, **facts: Any) -> Handoff:
        """Store a handoff, with a running clock if it has a deadline."""
        handoff = a_handoff(**{"number": number, "title": f"Work {number}", **facts})
        with self.db.transaction() as tx:
            handoffs.add(tx, handoff)
            if deadline is not None:
                clock = ClockKind.FINISH if handoff.owner else ClockKind.CLAIM
                timers.put(tx, a_timer(id=f"t{handoff.id}", handoff_id=handoff.id, clock=clock, deadline_at=deadline))
        return handoff

    def team(self, key: str, **facts: Any) -> None:
        """Store a team."""
        plain = {"key": key, "name": key.title(), "channel": f"C{key}"}
        with self.db.transaction() as tx:
            queues.put(tx, a_queue(**{**plain, **facts}))

    def known(self, user: str, **facts: Any) -> None:
        """Change what is known of somebody, as the directory does."""
        with self.db.transaction() as tx:
            people.put(tx, Person(**{"workspace": TEAM, "id": user, "name": user, **facts}))
            self.baton.after_people(tx, TEAM, [user], self.clock.now())
