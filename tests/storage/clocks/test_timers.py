"""Clocks are kept whole, and what is due is found once however many look for it."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from storage.clocks import timers
from storage.clocks.model import ClockKind, Timer
from storage.db.database import Database, Tx
from storage.db.errors import Conflict
from tests.builders import NOW, a_handoff, a_timer
from tests.databases import POSTGRESQL
from tests.storage.examples import MINUTE, at_once, stored

LATER = NOW + MINUTE


@pytest.fixture(autouse=True)
def _handoffs(database: Database) -> None:
    stored(database, *(a_handoff(number=n) for n in range(1, 4)))


def keep(database: Database, *wanted: Timer) -> None:
    def work(tx: Tx) -> None:
        for timer in wanted:
            timers.put(tx, timer)

    database.run_transaction(work)


def taken(tx: Tx, limit: int = 100) -> list[str]:
    return [handoff.id for handoff in timers.lock_due_handoffs(tx, LATER, limit)]


def due(database: Database) -> list[str]:
    return database.run_transaction(taken)


def test_a_clock_is_read_back_whole_and_so_is_what_became_of_it(database: Database) -> None:
    running = a_timer(
        clock=ClockKind.FINISH, calendar="berlin", consumed_s=60, deadline_at=LATER, next_level="late",
        fired=("nudge",),
    )  # fmt: skip
    stopped = replace(
        running, due_at=None, running_since=None, stopped_at=LATER, met=True, fired=("nudge", "late#2"), next_level=None
    )

    keep(database, running)
    with database.reading() as tx:
        assert timers.list_live_for_handoff(tx, "h1") == timers.list_for_handoff(tx, "h1") == [running]

    keep(database, stopped)
    with database.reading() as tx:
        assert timers.list_for_handoff(tx, "h1") == [stopped]
        assert timers.list_live_for_handoff(tx, "h1") == []


def test_a_paused_clock_still_runs_its_course_but_is_never_due(database: Database) -> None:
    paused = a_timer(running_since=None, due_at=None)
    keep(database, paused)

    with database.reading() as tx:
        assert timers.list_live_for_handoff(tx, "h1") == [paused]
        assert timers.next_due_at(tx) is None
    assert due(database) == []


def test_every_run_of_a_clock_is_kept(database: Database) -> None:
    first = a_timer(stopped_at=LATER, due_at=None, met=False)
    second = a_timer(id="t2", run=2, started_at=LATER)
    keep(database, first, second)

    with database.reading() as tx:
        assert timers.list_for_handoff(tx, "h1") == [first, second]
        assert timers.list_live_for_handoff(tx, "h1") == [second]


@pytest.mark.parametrize("other", [{"run": 1, "stopped_at": NOW, "due_at": None}, {"run": 2}])
def test_a_clock_runs_once_at_a_time_and_each_run_is_one(database: Database, other: dict[str, Any]) -> None:
    keep(database, a_timer())

    with pytest.raises(Conflict):
        keep(database, a_timer(id="t2", **other))


@pytest.mark.parametrize(
    "broken",
    [{"stopped_at": NOW}, {"running_since": None}, {"clock": "egg"}, {"handoff_id": "nothing"}, {"policy": None}],
    ids=str,
)
def test_a_clock_that_makes_no_sense_can_not_be_stored(database: Database, broken: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError):
        keep(database, a_timer(**broken))


def test_the_most_overdue_come_first_and_each_handoff_once(database: Database) -> None:
    keep(
        database,
        a_timer(id="t1", handoff_id="h1", due_at=NOW),
        a_timer(id="t2", handoff_id="h2", due_at=NOW - MINUTE),
        a_timer(id="t3", handoff_id="h1", clock=ClockKind.FINISH, due_at=NOW + MINUTE),
        a_timer(id="t4", handoff_id="h3", due_at=LATER + timedelta(seconds=1)),
    )

    with database.transaction() as tx:
        assert taken(tx) == ["h2", "h1"]
        assert taken(tx, 1) == ["h2"]
        assert timers.next_due_at(tx) == NOW - MINUTE
        assert timers.count_armed_and_oldest_due(tx, LATER) == (4, NOW - MINUTE)
        assert timers.count_armed_and_oldest_due(tx, NOW - 2 * MINUTE) == (4, None)


@POSTGRESQL
def test_what_somebody_else_has_taken_is_left_out(database: Database) -> None:
    keep(database, *(a_timer(id=f"t{n}", handoff_id=f"h{n}") for n in range(1, 4)))

    with database.transaction() as one, database.transaction() as other:
        assert taken(one, 2) == ["h1", "h2"]
        assert taken(other) == ["h3"]


def test_of_several_ticks_at_once_each_due_clock_is_taken_by_one(database: Database) -> None:
    stored(database, *(a_handoff(number=n) for n in range(10, 90)))
    keep(database, *(a_timer(id=f"t{n}", handoff_id=f"h{n}") for n in range(10, 90)))
    found: list[str] = []
    lock = threading.Lock()

    def take(tx: Tx) -> list[str]:
        mine = []
        for timer in timers.list_due(tx, taken(tx, 8), LATER):  # read under the lock
            timers.put(tx, replace(timer, due_at=None))
            mine.append(timer.handoff_id)
        return mine

    def tick(_: int) -> None:
        while due(database):
            mine = database.run_transaction(take)
            with lock:
                found.extend(mine)

    at_once(4, tick)

    assert sorted(found) == sorted(f"h{n}" for n in range(10, 90))


def test_only_those_clocks_of_a_handoff_are_read_that_are_due(database: Database) -> None:
    keep(
        database,
        a_timer(id="t1", due_at=LATER),
        a_timer(id="t2", clock=ClockKind.FINISH, due_at=NOW),
        a_timer(id="t3", clock=ClockKind.UPDATE, due_at=LATER + timedelta(seconds=1)),
        a_timer(id="t4", clock=ClockKind.RESPOND, running_since=None, due_at=None),
        a_timer(id="t5", clock=ClockKind.NEEDED_BY, due_at=None, stopped_at=NOW),
        a_timer(id="t6", handoff_id="h2", due_at=NOW),
    )

    with database.reading() as tx:
        assert [timer.id for timer in timers.list_due(tx, ["h1"], LATER)] == ["t2", "t1"]
        assert {timer.id for timer in timers.list_due(tx, ["h1", "h2", "h3"], LATER)} == {"t1", "t2", "t6"}
        assert timers.list_due(tx, [], LATER) == []


def test_what_a_level_that_spoke_changes_of_clocks_is_stored_for_all_of_them_and_nothing_else(
    database: Database,
) -> None:
    clocks = [a_timer(id=f"t{n}", handoff_id=f"h{n}", consumed_s=n) for n in range(1, 4)]
    keep(database, *clocks)
    spoken = [
        replace(clock, fired=("nudge", f"late#{n}"), due_at=LATER, next_level="x", deadline_at=NOW, quiet_until=LATER)
        for n, clock in enumerate(clocks[:2])
    ]

    database.run_transaction(lambda tx: timers.put_many_fired(tx, [replace(clock, consumed_s=99) for clock in spoken]))
    database.run_transaction(lambda tx: timers.put_many_fired(tx, []))

    with database.reading() as tx:
        stored_now = [clock for n in range(1, 4) for clock in timers.list_for_handoff(tx, f"h{n}")]
    assert stored_now == [*spoken, clocks[2]]
