"""The background jobs: who wakes the tick, and when this process may call itself quiet."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from slackapp.runtime.jobs import Jobs
from storage.db.errors import DatabaseBusy, DatabaseUnavailable
from tests.manual_clock import ManualClock

LONG = 3600.0
"""Seconds between regular ticks in tests where something else must wake the tick."""


class Work:
    """A ledger with one due time, and everything the jobs are given to do."""

    def __init__(self, clock: ManualClock) -> None:
        self.clock = clock
        self.due_at: datetime | None = None
        self.changed = threading.Condition()
        self.ticks = 0
        self.fired: list[datetime] = []
        self.sweeps = 0
        self.purges = 0
        self.audits = 0
        self.trouble: list[Exception] = []
        self.hold = threading.Event()
        self.hold.set()

    def tick(self) -> None:
        assert self.hold.wait(60)
        with self.changed:
            self.ticks += 1
            self.changed.notify_all()
            if self.trouble:
                raise self.trouble.pop()
            if self.due_at is not None and self.due_at <= self.clock.now():
                self.fired.append(self.due_at)
                self.due_at = None

    def next_due(self) -> datetime | None:
        return self.due_at

    def sweep(self) -> None:
        with self.changed:
            self.sweeps += 1
            self.changed.notify_all()

    def purge(self) -> None:
        self.purges += 1

    def audit(self) -> None:
        with self.changed:
            self.audits += 1
            self.changed.notify_all()

    def becomes(self, test: Callable[[], bool], wait_s: float = 5.0) -> bool:
        with self.changed:
            return self.changed.wait_for(test, wait_s)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def work(clock: ManualClock) -> Work:
    return Work(clock)


@pytest.fixture
def start(work: Work, clock: ManualClock) -> Iterator[Callable[[float], Jobs]]:
    started: list[Jobs] = []

    def start(tick_s: float) -> Jobs:
        jobs = Jobs(
            clock=clock,
            tick=work.tick,
            next_due=work.next_due,
            sweep=work.sweep,
            purge=work.purge,
            audit=work.audit,
            tick_s=tick_s,
        )
        started.append(jobs)
        jobs.start()
        return jobs

    yield start
    work.hold.set()
    for jobs in started:
        jobs.stop()


def until_quiet(jobs: Jobs) -> None:
    for _ in range(500):
        if jobs.quiet():
            return
        threading.Event().wait(0.01)
    raise AssertionError("never quiet")


def test_the_tick_and_the_sweep_run_at_the_start(start: Callable[[float], Jobs], work: Work) -> None:
    start(LONG)

    assert work.becomes(lambda: work.ticks >= 1 and work.sweeps == 1)


def test_the_tick_runs_again_and_again(start: Callable[[float], Jobs], work: Work) -> None:
    start(0.05)

    assert work.becomes(lambda: work.ticks >= 5)


def test_what_is_due_before_the_next_tick_is_done_exactly_then(
    start: Callable[[float], Jobs], work: Work, clock: ManualClock
) -> None:
    work.due_at = clock.now() + timedelta(milliseconds=200)
    start(LONG)
    assert work.becomes(lambda: work.ticks == 1)

    clock.set(work.due_at)  # The manual clock does not run by itself; nobody is told that it moved.

    assert work.becomes(lambda: len(work.fired) == 1)


def test_moving_the_clock_wakes_the_tick(start: Callable[[float], Jobs], work: Work, clock: ManualClock) -> None:
    work.due_at = clock.now() + timedelta(days=3)
    jobs = start(LONG)
    until_quiet(jobs)
    clock.on_change(jobs.wake)

    clock.advance(timedelta(days=3))

    assert work.becomes(lambda: len(work.fired) == 1)


def test_a_process_is_not_quiet_from_the_wake_to_the_end_of_the_tick_that_saw_it(
    start: Callable[[float], Jobs], work: Work
) -> None:
    jobs = start(LONG)
    until_quiet(jobs)
    work.hold.clear()

    jobs.wake()

    assert not jobs.quiet()
    work.hold.set()
    until_quiet(jobs)


def test_a_process_with_something_due_is_not_quiet(
    start: Callable[[float], Jobs], work: Work, clock: ManualClock
) -> None:
    jobs = start(LONG)
    until_quiet(jobs)

    work.due_at = clock.now()

    assert not jobs.quiet()


def test_a_wake_during_a_tick_is_followed_by_another_tick(start: Callable[[float], Jobs], work: Work) -> None:
    jobs = start(LONG)
    until_quiet(jobs)
    before = work.ticks
    work.hold.clear()
    jobs.wake()
    threading.Event().wait(0.1)

    jobs.wake()
    work.hold.set()

    assert work.becomes(lambda: work.ticks == before + 2)


def test_a_hundred_wakes_cost_few_ticks(start: Callable[[float], Jobs], work: Work) -> None:
    jobs = start(LONG)
    until_quiet(jobs)
    before = work.ticks
    work.hold.clear()

    for _ in range(100):
        jobs.wake()
    work.hold.set()
    until_quiet(jobs)

    assert work.ticks - before <= 2


def test_a_tick_that_fails_is_logged_and_the_next_one_runs(
    start: Callable[[float], Jobs], work: Work, caplog: pytest.LogCaptureFixture
) -> None:
    work.trouble.append(RuntimeError("no database"))

    with caplog.at_level(logging.ERROR):
        start(0.05)

        assert work.becomes(lambda: work.ticks >= 3)
    assert "no database" in caplog.text


def test_a_database_that_is_busy_is_one_line_in_the_log_and_the_next_tick_comes(
    start: Callable[[float], Jobs], work: Work, caplog: pytest.LogCaptureFixture
) -> None:
    work.trouble.append(DatabaseBusy("The database is busy."))

    start(0.05)

    assert work.becomes(lambda: work.ticks >= 3)
    (line,) = caplog.records
    assert line.getMessage() == "The tick is waiting for the database: The database is busy."
    assert line.exc_info is None


def test_a_database_that_is_away_is_not_logged_by_each_tick_that_meets_it(
    start: Callable[[float], Jobs], work: Work, caplog: pytest.LogCaptureFixture
) -> None:
    work.trouble += [DatabaseUnavailable("The database cannot be reached.")] * 3

    start(0.05)

    assert work.becomes(lambda: work.ticks >= 5)
    assert caplog.records == []


def test_stopping_waits_for_the_tick_that_runs_and_does_not_deadlock_with_its_planning(
    start: Callable[[float], Jobs], work: Work, clock: ManualClock
) -> None:
    work.due_at = clock.now() + timedelta(seconds=1)
    jobs = start(0.05)
    assert work.becomes(lambda: work.ticks >= 2)
    work.hold.clear()
    jobs.wake()
    stopping = threading.Thread(target=jobs.stop)
    stopping.start()
    threading.Event().wait(0.1)
    work.hold.set()

    stopping.join(60)

    assert not stopping.is_alive()


def test_a_sweep_can_be_asked_for(start: Callable[[float], Jobs], work: Work) -> None:
    jobs = start(LONG)
    until_quiet(jobs)

    jobs.sweep_soon()

    assert work.becomes(lambda: work.sweeps == 2)
    until_quiet(jobs)


def test_the_clocks_are_looked_after_soon_and_then_every_hour_beside_the_tick(
    start: Callable[[float], Jobs], work: Work
) -> None:
    jobs = start(LONG)
    planned = jobs._scheduler.get_job("audit")

    assert planned.executor == "slow"
    assert planned.trigger.interval == timedelta(hours=1)
    assert planned.next_run_time - datetime.now(UTC) < timedelta(minutes=3)

    planned.modify(next_run_time=datetime.now(UTC))
    assert work.becomes(lambda: work.audits == 1)


def test_jobs_that_were_never_started_may_be_woken_and_stopped(work: Work, clock: ManualClock) -> None:
    jobs = Jobs(
        clock=clock, tick=work.tick, next_due=work.next_due, sweep=work.sweep, purge=work.purge, audit=work.audit
    )

    jobs.wake()
    jobs.stop()

    assert work.ticks == 0
