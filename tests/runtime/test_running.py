"""Clock, jobs and metrics together: a clock lent by the local workspace, a tick, and a round of settling."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from prometheus_client import REGISTRY, CollectorRegistry, generate_latest

from slackapp.clocks.rules.invariants import FaultKind
from slackapp.escalation.actions.clock_sweep import SweepReport
from slackapp.operations.metrics import DatabaseMetrics, count_sweep
from slackapp.runtime.borrowed_clock import BorrowedClock
from slackapp.runtime.jobs import Jobs
from storage.clocks import timers
from storage.clocks.model import ClockKind
from storage.db.database import Database
from storage.handoffs import handoffs
from storage.outbox import outbox
from storage.outbox.model import Destination, OutboxMessage
from tests.builders import a_handoff, a_timer
from tests.manual_clock import MONDAY_9, ManualClock
from tests.slack_client import Workspace


@pytest.fixture(params=["sqlite"])
def dialect(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def slack(workspace: Workspace) -> Workspace:
    workspace.reset()
    return workspace


class Escalations:
    """Something that is due again and again, each after the one before: as levels of a clock are."""

    def __init__(self, first: datetime, every: timedelta, times: int) -> None:
        self.due = [first + n * every for n in range(times)]
        self.fired: list[datetime] = []

    def next_due(self) -> datetime | None:
        return self.due[0] if self.due else None


@pytest.fixture
def clock(slack: Workspace) -> Iterator[BorrowedClock]:
    borrowed = BorrowedClock(slack.clock_url, "test-process")
    borrowed.start()
    yield borrowed
    borrowed.stop()


def test_moving_the_workspaces_clock_fires_everything_that_came_due_before_settle_returns(
    slack: Workspace, clock: BorrowedClock
) -> None:
    work = Escalations(clock.now() + timedelta(hours=1), timedelta(minutes=30), times=10)

    def tick() -> None:
        threading.Event().wait(0.01)  # A tick takes a moment; settle has to wait for it.
        if work.due and work.due[0] <= clock.now():
            work.fired.append(work.due.pop(0))

    jobs = Jobs(
        clock=clock,
        tick=tick,
        next_due=work.next_due,
        sweep=lambda: None,
        purge=lambda: None,
        audit=lambda: None,
        tick_s=3600,
    )
    clock.on_change(jobs.wake)
    clock.quiet_when(jobs.quiet)
    jobs.start()
    try:
        slack.settle()
        assert work.fired == []

        slack.wait(hours=3)
        assert len(work.fired) == 5

        slack.wait(hours=48)
        assert len(work.fired) == 10
    finally:
        jobs.stop()


def test_a_workspace_without_anything_to_do_settles_at_once(slack: Workspace, clock: BorrowedClock) -> None:
    before = clock.now()

    for _ in range(5):
        slack.settle()

    assert clock.now() - before < timedelta(seconds=5)


def test_a_process_that_stopped_does_not_hold_up_settling(slack: Workspace, clock: BorrowedClock) -> None:
    clock.quiet_when(lambda: False)

    clock.stop()

    slack.settle(timeout_s=10)


def scraped(registry: CollectorRegistry) -> dict[str, float]:
    lines = generate_latest(registry).decode().splitlines()
    return {name: float(value) for name, value in (line.split() for line in lines if not line.startswith("#"))}


def test_metrics_tell_how_late_the_tick_is(database: Database) -> None:
    clock = ManualClock()
    now = clock.now()
    handoff = a_handoff(id="h_1", by="U1", at=now)
    timer = a_timer(handoff_id="h_1", target_s=60, at=now, due_at=now + timedelta(minutes=1))
    database.run_transaction(lambda tx: handoffs.add(tx, handoff))
    database.run_transaction(lambda tx: timers.put(tx, timer))
    registry = CollectorRegistry()
    registry.register(DatabaseMetrics(database, clock))
    message = OutboxMessage(workspace="T1", key="card:h_1", kind="card", handoff_id="h_1", to=Destination(channel="C1"))
    database.run_transaction(lambda tx: outbox.put(tx, [message], now))
    told = {"baton_database_up": 1.0, "baton_clocks_running": 1.0, "baton_outbox_waiting": 1.0}
    assert scraped(registry) == {
        **told,
        "baton_deadline_overdue_seconds": 0.0,
        "baton_outbox_oldest_seconds": 0.0,
    }

    clock.advance(timedelta(minutes=3))

    assert scraped(registry) == {
        **told,
        "baton_deadline_overdue_seconds": 120.0,
        "baton_outbox_oldest_seconds": 180.0,
    }


def test_metrics_tell_what_a_sweep_of_the_clocks_has_mended() -> None:
    fault = {"fault": "clock_lost", "clock": "claim"}
    before = REGISTRY.get_sample_value("baton_clocks_repaired_total", fault) or 0

    count_sweep(SweepReport(handoffs=7, faults={(FaultKind.LOST, ClockKind.CLAIM): 2}), MONDAY_9)

    assert REGISTRY.get_sample_value("baton_clocks_repaired_total", fault) == before + 2
    assert REGISTRY.get_sample_value("baton_audit_handoffs") == 7
    assert REGISTRY.get_sample_value("baton_last_audit_timestamp_seconds") == MONDAY_9.timestamp()


def test_metrics_without_a_database_say_so_and_nothing_else() -> None:
    registry = CollectorRegistry()
    registry.register(DatabaseMetrics(Database.open("postgresql+psycopg://127.0.0.1:9/none"), ManualClock()))

    assert scraped(registry) == {"baton_database_up": 0.0}
