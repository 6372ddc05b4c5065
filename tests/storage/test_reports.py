"""Counts and lists across a workspace."""

from __future__ import annotations

from storage import people, reports, timers
from storage.database import Database
from storage.lifecycle import State
from storage.records import Clock, Person
from tests.storage.examples import NOW, TEAM, a_handoff, a_timer, stored


def test_live_handoffs_are_counted_by_queue(database: Database) -> None:
    stored(
        database,
        a_handoff(number=1),
        a_handoff(number=2, state=State.CLAIMED),
        a_handoff(number=3, state=State.RETURNED, queue="support"),
        a_handoff(number=4, state=State.DONE),
        a_handoff(number=5, state=State.CANCELLED, queue="sales"),
    )

    with database.reading() as tx:
        assert reports.live_by_queue(tx, TEAM) == {"success": 2, "support": 1}
        assert reports.live_by_queue(tx, "T2") == {}


def test_managers_are_listed_by_who_reports_to_them(database: Database) -> None:
    with database.transaction() as tx:
        people.put(tx, Person(workspace=TEAM, id="U1", name="Ana", manager="U9"))
        people.put(tx, Person(workspace=TEAM, id="U9", name="Mara"))
        people.put(tx, Person(workspace="T2", id="U2", name="Ben", manager="U9"))

        assert reports.managers(tx, TEAM) == {"U1": "U9"}


def test_running_and_paused_clocks_are_found_by_their_calendar(database: Database) -> None:
    stored(database, a_handoff(number=1), a_handoff(number=2))
    running = a_timer(id="t1", calendar="berlin", fired=("late",))
    paused = a_timer(id="t2", handoff_id="h2", calendar="berlin", running_since=None, due_at=None)
    stopped = a_timer(id="t3", handoff_id="h2", calendar="berlin", clock=Clock.FINISH, due_at=None, stopped_at=NOW)
    with database.transaction() as tx:
        for timer in (running, paused, stopped, a_timer(id="t4", clock=Clock.FINISH, calendar="paris")):
            timers.put(tx, timer)

        assert reports.clocks_by(tx, TEAM, "berlin") == [running, paused]
        assert reports.clocks_by(tx, "T2", "berlin") == []
