"""The naive way to keep deadlines: one APScheduler job per handoff in a job store, in the same database.

Each job does in a transaction of its own what a level asks for: it reads the handoff, enters the escalation in the
audit and puts two reminders into the outbox. The ledger has handoffs `h1` to `h<COUNT>`.

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

from storage.db.database import Database, Tx
from storage.handoffs import audit, handoffs
from storage.outbox import outbox
from tests.benchmarks.filling import NOW
from tests.builders import TEAM
from tests.storage.examples import a_message

_ran: list[str] = []
_all_ran = threading.Event()
_wanted = 0
_database: Database | None = None
_PATIENCE_S = 300


def escalate(handoff_id: str) -> None:
    """Tell two people that a handoff is late."""
    assert _database is not None
    _database.run_transaction(lambda tx: _escalate(tx, handoff_id))
    _ran.append(handoff_id)
    if len(_ran) >= _wanted:
        _all_ran.set()


def _escalate(tx: Tx, handoff_id: str) -> None:
    handoff = handoffs.get(tx, TEAM, handoff_id)
    assert handoff is not None
    audit.add(
        tx, handoff=handoff, workspace=TEAM, at=NOW, verb="naive", actor="clock",
        before=handoff.state, after=handoff.state,
    )  # fmt: skip
    told = [a_message(f"naive:{handoff_id}:{user}", handoff_id=handoff_id) for user in ("UMANAGER", handoff.sender)]
    outbox.put(tx, told, NOW)


def main(url: str, count: int) -> None:
    """Add jobs, then fire jobs."""
    global _wanted, _database
    _wanted, _database = count, Database.open(url)
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
    _database.close()


def _add(scheduler: BackgroundScheduler, kind: str, count: int, at: datetime) -> None:
    for n in range(1, count + 1):
        scheduler.add_job("tests.benchmarks.naive:escalate", "date", run_date=at, args=[f"h{n}"], id=f"{kind}{n}")


if __name__ == "__main__":
    from tests.benchmarks import naive  # the module that the jobs name, which is not this one

    naive.main(sys.argv[1], int(sys.argv[2]))
