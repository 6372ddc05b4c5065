"""Counts and lists across a workspace."""

from __future__ import annotations

from storage.clocks import timers
from storage.clocks.model import ClockKind
from storage.company import people, queues, workspaces
from storage.company.model import Person, Queue, Workspace
from storage.db.database import Database
from storage.handoffs import handoffs
from storage.handoffs.lifecycle import State
from tests.builders import NOW, TEAM, a_handoff, a_timer
from tests.storage.examples import stored


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
        assert handoffs.count_live_by_queue(tx, TEAM) == {"success": 2, "support": 1}
        assert handoffs.count_live_by_queue(tx, "T2") == {}


def test_managers_are_listed_by_who_reports_to_them(database: Database) -> None:
    with database.transaction() as tx:
        people.put(tx, Person(workspace=TEAM, id="U1", name="Ana", manager="U9"))
        people.put(tx, Person(workspace=TEAM, id="U9", name="Mara"))
        people.put(tx, Person(workspace="T2", id="U2", name="Ben", manager="U9"))

        assert people.get_managers(tx, TEAM) == {"U1": "U9"}


def test_running_and_paused_clocks_are_found_by_their_calendar(database: Database) -> None:
    stored(database, a_handoff(number=1), a_handoff(number=2))
    running = a_timer(id="t1", calendar="berlin", fired=("late",))
    paused = a_timer(id="t2", handoff_id="h2", calendar="berlin", running_since=None, due_at=None)
    stopped = a_timer(id="t3", handoff_id="h2", calendar="berlin", clock=ClockKind.FINISH, due_at=None, stopped_at=NOW)
    with database.transaction() as tx:
        for timer in (running, paused, stopped, a_timer(id="t4", clock=ClockKind.FINISH, calendar="paris")):
            timers.put(tx, timer)

        assert timers.list_live_by_calendar(tx, TEAM, "berlin") == [running, paused]
        assert timers.list_live_by_calendar(tx, "T2", "berlin") == []


def test_people_with_a_calendar_of_their_own_are_listed(database: Database) -> None:
    with database.transaction() as tx:
        people.put(tx, Person(workspace=TEAM, id="U1", name="Ana"))
        people.put(tx, Person(workspace=TEAM, id="U2", name="Ben", manager="U1"))
        people.set_calendar(tx, TEAM, "U1", "berlin")
        people.set_calendar(tx, TEAM, "U3", "berlin")

        assert people.get_own_calendars(tx, TEAM) == {"U1": "berlin"}
        people.set_calendar(tx, TEAM, "U1", None)
        assert people.get_own_calendars(tx, TEAM) == {}


def test_clocks_that_go_by_another_calendar_than_their_queue_has_now_are_found(database: Database) -> None:
    stored(database, a_handoff(number=1), a_handoff(number=2, queue="support"), a_handoff(number=3, queue="sales"))
    strays = {"t1": ("h1", "paris"), "t2": ("h1", None), "t3": ("h2", "berlin")}
    fitting = {"t4": ("h1", "berlin"), "t5": ("h2", "rome")}
    with database.transaction() as tx:
        workspaces.put(tx, Workspace(id=TEAM, name="Acme", bot_user="U0"))
        workspaces.set_config(tx, TEAM, None, [], "rome")
        for key, calendar in {"success": "berlin", "support": None}.items():
            queues.put(tx, Queue(workspace=TEAM, key=key, name=key, channel=f"C{key}", calendar=calendar))
        for clock, (name, (handoff, calendar)) in zip(ClockKind, {**strays, **fitting}.items(), strict=False):
            timers.put(tx, a_timer(id=name, handoff_id=handoff, clock=clock, calendar=calendar, due_at=None))
        timers.put(tx, a_timer(id="t6", calendar="paris", clock=ClockKind.CHECK, due_at=None, stopped_at=NOW))

        found = {timer.id: wanted for timer, wanted in timers.list_live_by_other_calendar(tx, TEAM)}
        assert found == {"t1": "berlin", "t2": "berlin", "t3": "rome"}
        workspaces.set_config(tx, TEAM, None, [])
        assert {timer.id: wanted for timer, wanted in timers.list_live_by_other_calendar(tx, TEAM)}["t5"] is None
        assert timers.list_live_by_other_calendar(tx, "T2") == []
