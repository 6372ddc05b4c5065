"""Very much due at once, fired by several processes: how fast, and each step exactly once. Beside it the naive way."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from storage.db.database import Database
from tests.benchmarks.filling import fill, make_due, settle
from tests.databases import POSTGRESQL
from tests.stories.processes import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]

GOAL_PER_S = 20_000
SHORT, LONG = (3_000, 2), (100_000, 4)
"""Handoffs due at once, and processes."""
NAIVE_SHORT, NAIVE_LONG = 200, 3_000
"""The naive way is too slow for more; it is compared per row."""


@dataclass(frozen=True, kw_only=True)
class Fired:
    """How several processes together fired what was due."""

    done: int
    took_s: float
    cpu_s: float
    """Of all processes together, without the database's."""
    memory_mb: float


@contextmanager
def waiting(url: str) -> Iterator[subprocess.Popen[str]]:
    """A process that fires as soon as it is told."""
    command = [sys.executable, "-m", "tests.benchmarks.firing", url]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def fired(url: str, processes: int) -> Fired:
    """Let several processes fire all that is due, at the same moment."""
    with ExitStack() as stack:
        crew = [stack.enter_context(waiting(url)) for _ in range(processes)]
        for one in crew:
            assert _line(one) == "ready"
        began = time.perf_counter()
        for one in crew:
            assert one.stdin
            print(file=one.stdin, flush=True)
        told = [json.loads(_line(one)) for one in crew]
        took_s = time.perf_counter() - began
    return Fired(
        done=sum(one["done"] for one in told),
        took_s=took_s,
        cpu_s=sum(one["cpu_s"] for one in told),
        memory_mb=max(one["memory_mb"] for one in told),
    )


def _line(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    return process.stdout.readline().strip()


def naive(url: str, count: int) -> dict[str, Any]:
    """What one APScheduler job per handoff costs."""
    command = [sys.executable, "-m", "tests.benchmarks.naive", url, str(count)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=900, check=True)
    found: dict[str, Any] = json.loads(ran.stdout)
    assert found["ran"] == count
    return found


def counted(url: str, sql: str) -> int:
    engine = create_engine(url)
    with engine.connect() as connection:
        found = connection.execute(text(sql)).scalar_one()
    engine.dispose()
    return int(found)


@POSTGRESQL
def test_all_at_once_is_fired_by_several_processes_and_each_step_once(
    database: Database, *, long: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    count, processes = LONG if long else SHORT
    fill(database, count)
    make_due(database, 1, count)
    settle(database)

    result = fired(database.url, processes)

    assert counted(database.url, "SELECT count(*) FROM audit WHERE verb = 'escalate'") == count
    assert counted(database.url, "SELECT count(DISTINCT handoff_id) FROM audit WHERE verb = 'escalate'") == count
    said = counted(database.url, "SELECT count(*) FROM notices")
    steps = "SELECT count(*) FROM (SELECT DISTINCT handoff_id, clock, run, level, recipient FROM notices) AS steps"
    assert counted(database.url, steps) == said == 2 * count, "the manager and the sender, each once"
    assert counted(database.url, "SELECT count(*) FROM timers WHERE next_level = 'later'") == count
    assert result.done >= count, "one that somebody else has just done may be looked at again, and nothing comes of it"
    rows_per_s = count / result.took_s
    jobs = naive(database.url, NAIVE_LONG if long else NAIVE_SHORT)
    jobs_per_s = jobs["ran"] / jobs["fired_s"]
    with capsys.disabled():
        print(  # noqa: T201 - the benchmark's result
            f"\n{database.dialect}: {count:,} due at once, {processes} processes: {result.took_s:.1f} s,"
            f" {rows_per_s:,.0f} rows a second (goal {GOAL_PER_S:,}),"
            f" {result.cpu_s / count * 1000:.2f} ms of a core each, {result.memory_mb:.0f} MB a process;"
            f" one job per handoff: {jobs_per_s:,.0f} a second in the one process it can have,"
            f" {jobs['added_s'] / jobs['ran'] * 1000:.1f} ms to add one, {jobs['memory_mb']:.0f} MB"
            f" for {2 * jobs['ran']:,}"
        )
    assert rows_per_s > jobs_per_s
