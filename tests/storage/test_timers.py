"""Clocks are kept whole, and what is due is found once however many look for it."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from storage import timers
from storage.database import Conflict, Database, Tx
from storage.records import Clock, Timer
from tests.storage.examples import MINUTE, NOW, TEAM, a_handoff, a_timer, at_once, stored

LATER = NOW + MINUTE


@pytest.fixture(autouse=True)
def _handoffs(database: Database) -> None:
    stored(database, *(a_handoff(number=n) for n in range(1, 4)))


def keep(database: Database, *wanted: Timer) -> None:
    def work(tx: Tx) -> None:
        for timer in wanted:
            timers.put(tx, timer)

    database.retrying(work)


def due(database: Database) -> list[str]:
    return database.retrying(lambda tx: [handoff for _, handoff in timers.due(tx, LATER, 100)])


def test_a_clock_is_read_back_whole_and_so_is_what_became_of_it(database: Database) -> None:
    running = a_timer(
        clock=Clock.FINISH, calendar="berlin", consumed_s=60, deadline_at=LATER, next_level="late", fired=("nudge",),
    )  # fmt: skip
    stopped = replace(
        running, due_at=None, running_since=None, stopped_at=LATER, met=True, fired=("nudge", "late#2"), next_level=None
    )

    keep(database, running)
    with database.reading() as tx:
        assert timers.running(tx, "h1") == timers.of(tx, "h1") == [running]

    keep(database, stopped)
    with database.reading() as tx:
        assert timers.of(tx, "h1") == [stopped]
        assert timers.running(tx, "h1") == []


def test_a_paused_clock_still_runs_its_course_but_is_never_due(database: Database) -> None:
    paused = a_timer(running_since=None, due_at=None)
    keep(database, paused)

    with database.reading() as tx:
        assert timers.running(tx, "h1") == [paused]
        assert timers.next_due(tx) is None
    assert due(database) == []


def test_every_run_of_a_clock_is_kept(database: Database) -> None:
    first = a_timer(stopped_at=LATER, due_at=None, met=False)
    second = a_timer(id="t2", run=2, started_at=LATER)
    keep(database, first, second)

    with database.reading() as tx:
        assert timers.of(tx, "h1") == [first, second]
        assert timers.running(tx, "h1") == [second]


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
        a_timer(id="t3", handoff_id="h1", clock=Clock.FINISH, due_at=NOW + MINUTE),
        a_timer(id="t4", handoff_id="h3", due_at=LATER + timedelta(seconds=1)),
    )

    with database.transaction() as tx:
        assert timers.due(tx, LATER, 100) == [(TEAM, "h2"), (TEAM, "h1")]
        assert timers.due(tx, LATER, 1) == [(TEAM, "h2")]
        assert timers.next_due(tx) == NOW - MINUTE
        assert timers.facts(tx, LATER) == (4, NOW - MINUTE)
        assert timers.facts(tx, NOW - 2 * MINUTE) == (4, None)


@pytest.mark.parametrize("dialect", ["postgresql"])
def test_what_somebody_else_has_taken_is_left_out(database: Database) -> None:
    keep(database, *(a_timer(id=f"t{n}", handoff_id=f"h{n}") for n in range(1, 4)))

    with database.transaction() as one, database.transaction() as other:
        assert timers.due(one, LATER, 2) == [(TEAM, "h1"), (TEAM, "h2")]
        assert timers.due(other, LATER, 100) == [(TEAM, "h3")]


def test_of_several_ticks_at_once_each_due_clock_is_taken_by_one(database: Database) -> None:
    stored(database, *(a_handoff(number=n) for n in range(10, 90)))
    keep(database, *(a_timer(id=f"t{n}", handoff_id=f"h{n}") for n in range(10, 90)))
    taken: list[str] = []
    lock = threading.Lock()

    def take(tx: Tx) -> list[str]:
        mine = []
        for _, handoff_id in timers.due(tx, LATER, 8):
            for timer in timers.running(tx, handoff_id):  # read again under the lock
                if timer.due_at is not None:
                    timers.put(tx, replace(timer, due_at=None))
                    mine.append(handoff_id)
        return mine

    def tick(_: int) -> None:
        while due(database):
            mine = database.retrying(take)
            with lock:
                taken.extend(mine)

    at_once(4, tick)

    assert sorted(taken) == sorted(f"h{n}" for n in range(10, 90))
