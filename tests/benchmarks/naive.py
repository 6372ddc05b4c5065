"""The naive way to keep deadlines: one APScheduler job per handoff in a job store, in the same database.

`python -m tests.benchmarks.naive URL COUNT` adds so many jobs that are due in a year, then as many that are due now,
and lets them fire. It prints as JSON the seconds of both, how many jobs ran, and the most memory it had.
"""

from __future__ import annotations

import json
import resource
import sys
import threading
import time
from datetime import UTC, datetime, timedelta

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler

_ran: list[str] = []
_all_ran = threading.Event()
_wanted = 0
_PATIENCE_S = 300


def escalate(handoff_id: str) -> None:
    """What a job would do. It does nothing: only the scheduling is measured."""
    _ran.append(handoff_id)
    if len(_ran) >= _wanted:
        _all_ran.set()


def main(url: str, count: int) -> None:
    """Add jobs, then fire jobs."""
    global _wanted  # noqa: PLW0603 - the jobs are called by name, so this is how they know
    _wanted = count
    scheduler = BackgroundScheduler(
        timezone=UTC,
        jobstores={"default": SQLAlchemyJobStore(url=url)},
        executors={"default": ThreadPoolExecutor(10)},
        job_defaults={"misfire_grace_time": None},
    )
    scheduler.start(paused=True)
    now = datetime.now(UTC)
    began = time.perf_counter()
    _add(scheduler, "later", count, now + timedelta(days=365))
    added_s = time.perf_counter() - began
    _add(scheduler, "due", count, now - timedelta(minutes=1))
    began = time.perf_counter()
    scheduler.resume()
    _all_ran.wait(_PATIENCE_S)
    fired_s = time.perf_counter() - began
    memory_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    found = {"added_s": added_s, "fired_s": fired_s, "ran": len(_ran), "memory_mb": memory_mb}
    print(json.dumps(found), flush=True)  # noqa: T201 - how the benchmark hears of it
    scheduler.shutdown(wait=True)


def _add(scheduler: BackgroundScheduler, kind: str, count: int, at: datetime) -> None:
    for n in range(count):
        scheduler.add_job("tests.benchmarks.naive:escalate", "date", run_date=at, args=[f"{kind}{n}"], id=f"{kind}{n}")


if __name__ == "__main__":
    from tests.benchmarks import naive  # the module that the jobs name, which is not this one

    naive.main(sys.argv[1], int(sys.argv[2]))
