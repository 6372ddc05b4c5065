"""Scheduled background jobs: the tick, the hourly sweeps of directory and clocks, and the daily purge.

APScheduler only triggers them. Due times are in the database, so there is never a job per handoff: the tick runs every
few seconds and exactly at the next due time, does what is due and schedules its next run.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Final

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.job import Job
from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler

from slackapp.runtime.clock import Clock, SystemClock
from storage.db.errors import DatabaseBusy, DatabaseUnavailable

_log = logging.getLogger(__name__)

TICK_S: Final = 5.0
SWEEP_EVERY: Final = timedelta(hours=1)
PURGE_EVERY: Final = timedelta(days=1)
_FIRST_PURGE: Final = timedelta(minutes=1)
_FIRST_AUDIT: Final = timedelta(minutes=2)
_DEFAULTS: Final = {
    "coalesce": True,
    "max_instances": 1,
    "misfire_grace_time": None,  # However late a job wakes, it runs: APScheduler's one second would drop it.
}


class Jobs:
    """The background jobs of one process.

    Args:
        clock: Baton's clock, perhaps borrowed and moved; waits are converted to real time whenever one is scheduled.
        tick: does everything that is due now; safe to run with nothing due.
        next_due: returns the instant at which the next tick has something to do, or None.
        sweep: reads people, groups and channels from Slack.
        purge: deletes old receipts, limits and drafts.
        audit: checks every handoff's clocks and repairs them.
        tick_s: real seconds between two ticks when nothing wakes them earlier.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        tick: Callable[[], object],
        next_due: Callable[[], datetime | None],
        sweep: Callable[[], object],
        purge: Callable[[], object],
        audit: Callable[[], object],
        tick_s: float = TICK_S,
    ) -> None:
        self._clock = clock
        self._real = SystemClock()
        self._tick = tick
        self._next_due = next_due
        self._sweep = sweep
        self._purge = purge
        self._audit = audit
        self._tick_s = tick_s
        self._state = threading.Lock()
        self._open = False
        self._ticks_wanted = 0
        self._ticks_done = 0
        self._wake_waits = False
        self._sweeps = 0
        self._next_tick: Job | None = None
        # The tick has a thread of its own, so that a slow sweep never makes an escalation late.
        self._executors = {"default": ThreadPoolExecutor(1), "slow": ThreadPoolExecutor(1)}
        self._scheduler = BackgroundScheduler(timezone=UTC, job_defaults=_DEFAULTS, executors=self._executors)

    def start(self) -> None:
        """Start the scheduler: tick and sweep at once, then regularly."""
        now = self._real.now()
        self._scheduler.add_job(self._run_tick, "interval", seconds=self._tick_s, id="tick")
        self._scheduler.add_job(
            self._run_sweep, "interval", seconds=SWEEP_EVERY.total_seconds(), id="sweep", executor="slow"
        )
        self._scheduler.add_job(
            self._run_purge,
            "interval",
            seconds=PURGE_EVERY.total_seconds(),
            id="purge",
            executor="slow",
            next_run_time=now + _FIRST_PURGE,
        )
        self._scheduler.add_job(
            self._run_audit,
            "interval",
            seconds=SWEEP_EVERY.total_seconds(),
            id="audit",
            executor="slow",
            next_run_time=now + _FIRST_AUDIT,
        )
        self._scheduler.start()
        self._open = True
        self.wake()
        self.sweep_soon()

    def stop(self) -> None:
        """Let running jobs finish and start no more. Safe to call twice."""
        with self._state:
            was_open, self._open = self._open, False
        if not was_open:
            return
        # A plain shutdown has two traps. It waits with the lock that a tick needs to schedule its next run: a deadlock.
        # And the scheduler looks for a one-off job that is just being started where it no longer is: its thread dies.
        self._scheduler.pause()
        self._scheduler.remove_all_jobs()
        self._scheduler.shutdown(wait=False)
        for executor in self._executors.values():
            executor.shutdown(wait=True)

    def wake(self) -> None:
        """Tick now, because the clock was moved or a timer was armed that may be due before the next tick."""
        with self._state:
            if not self._open:
                return
            self._ticks_wanted += 1
            if self._wake_waits:
                return  # The tick that is about to start will see it.
            self._wake_waits = True
        self._scheduler.add_job(self._run_tick, id=f"wake-{self._ticks_wanted}", replace_existing=True)

    def sweep_soon(self) -> None:
        """Sweep the directory now, in the background."""
        with self._state:
            if not self._open or self._sweeps:
                return
            self._sweeps += 1
        self._scheduler.add_job(self._run_wanted_sweep, executor="slow")

    def quiet(self) -> bool:
        """Return whether no tick or job is due, running or requested."""
        with self._state:
            if self._ticks_done < self._ticks_wanted or self._sweeps:
                return False
        due_at = self._next_due()
        return due_at is None or due_at > self._clock.now()

    def _run_tick(self) -> None:
        with self._state:
            wanted = self._ticks_wanted
            self._wake_waits = False
        try:
            with _database_may_be_away("The tick"):
                self._tick()
                self._schedule_next_tick()
        finally:
            with self._state:
                self._ticks_done = max(self._ticks_done, wanted)

    def _schedule_next_tick(self) -> None:
        """Schedule a tick exactly at the next due time, if that is before the next regular tick."""
        if self._next_tick is not None:
            _remove(self._next_tick)
            self._next_tick = None
        due_at = self._next_due()
        if due_at is None or not self._open:
            return
        wait = max(due_at - self._clock.now(), timedelta())
        if wait < timedelta(seconds=2 * self._tick_s):
            self._next_tick = self._scheduler.add_job(self._run_tick, "date", run_date=self._real.now() + wait)

    def _run_wanted_sweep(self) -> None:
        try:
            with _database_may_be_away("The sweep"):
                self._sweep()
        finally:
            with self._state:
                self._sweeps -= 1

    def _run_purge(self) -> None:
        with _database_may_be_away("The purge"):
            self._purge()

    def _run_audit(self) -> None:
        with _database_may_be_away("The sweep of the timers"):
            self._audit()

    def _run_sweep(self) -> None:
        with self._state:
            self._sweeps += 1
        self._run_wanted_sweep()


@contextmanager
def _database_may_be_away(name: str) -> Iterator[None]:
    """Log, instead of raising, that a job failed because the database is not available; its next run does the work."""
    try:
        yield
    except DatabaseBusy as busy:
        _log.warning("%s is waiting for the database: %s", name, busy)
    except DatabaseUnavailable as away:  # logged once by the database itself
        _log.debug("%s is waiting for the database: %s", name, away)


def _remove(job: Job) -> None:
    try:
        job.remove()
    except JobLookupError:
        return  # It has just been run.
