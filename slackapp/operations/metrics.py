"""Metrics for `/metrics`: gauges read from the database on request, and what this process did last."""

from __future__ import annotations

from collections import Counter as Counting
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from prometheus_client import Counter, Gauge
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from slackapp.escalation.actions.clock_sweep import SweepReport
from slackapp.reports.rules import WINDOW
from slackapp.runtime import version
from slackapp.runtime.clock import Clock
from storage.clocks import timers
from storage.company import workspaces
from storage.db.database import Database, Tx
from storage.db.errors import DatabaseBusy, DatabaseUnavailable
from storage.handoffs import verdicts
from storage.outbox import outbox

_WAIT_S: Final = 2.0
SLACK_CONNECTED: Final = Gauge(
    "baton_slack_connected", "Whether Slack is ready as /readyz says: Socket Mode is connected, and Baton has access."
)
BUILD_INFO: Final = Gauge(
    "baton_build_info", "Always 1; its labels say which Baton runs.", ["version", "build", "python"]
)
BUILD_INFO.labels(version.version(), version.build(), version.python()).set(1)
REFUSED_FOR: Final = timedelta(minutes=5)
"""A message whose tries have failed for this long is refused again and again: somebody has to look into it."""
LAST_TICK: Final = Gauge("baton_last_tick_timestamp_seconds", "When this process last completed a tick, real time.")
LAST_AUDIT: Final = Gauge(
    "baton_last_audit_timestamp_seconds", "When this process last finished a sweep of the timers, real time."
)
AUDITED: Final = Gauge("baton_audit_handoffs", "How many handoffs that sweep looked at.")
REPAIRED: Final = Counter("baton_clocks_repaired", "Timers that a sweep found wrong and fixed.", ["fault", "clock"])


def count_sweep(swept: SweepReport, at: datetime) -> None:
    """Add the result of a sweep of the clocks to the metrics. `at` is when the sweep finished, in real time."""
    for (fault, clock), number in swept.faults.items():
        REPAIRED.labels(fault, clock).inc(number)
    AUDITED.set(swept.handoffs)
    LAST_AUDIT.set(at.timestamp())


class DatabaseMetrics(Collector):
    """Prometheus collector of running clocks, overdue deadlines and unsent messages; register it once.

    While the database cannot be read it yields `baton_database_up 0` alone: a missing number cannot be mistaken for 0.
    It is 0 as well while the database can only be read.
    """

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    def describe(self) -> Iterator[Metric]:
        """Describe no metrics, so that registering does not read the database."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        """Read the metrics from the database."""
        yield _gauge("baton_database_up", "Whether the database could be written.", float(self._is_up()))
        try:
            with self._db.reading(wait_s=_WAIT_S) as tx:
                found = self._facts(tx)
        except (DatabaseBusy, DatabaseUnavailable):
            return
        yield from found

    def _is_up(self) -> bool:
        try:
            self._db.ping()
        except (DatabaseBusy, DatabaseUnavailable):
            return False
        return True

    def _facts(self, tx: Tx) -> list[Metric]:
        now = self._clock.now()
        armed, overdue_since = timers.count_armed_and_oldest_due(tx, now)
        waiting, unsent_since = outbox.count_due_and_oldest(tx, now)
        return [
            _verdicts(tx, now - WINDOW),
            _refused(tx, now),
            _gauge("baton_clocks_running", "Timers that are running.", float(armed)),
            _gauge(
                "baton_deadline_overdue_seconds",
                "How long the oldest passed deadline has waited for a tick.",
                _age_s(overdue_since, now),
            ),
            _gauge("baton_outbox_waiting", "Messages ready to send and not yet sent.", float(waiting)),
            _gauge(
                "baton_outbox_oldest_seconds",
                "Age of the oldest message that is ready to send and not yet sent.",
                _age_s(unsent_since, now),
            ),
        ]


def _verdicts(tx: Tx, since: datetime) -> Metric:
    """Receivers' verdicts on the context they got, counted by queue and template, never by person."""
    found = GaugeMetricFamily(
        "baton_verdicts",
        f"Ratings by receivers of the context they were given, in the last {WINDOW.days} days.",
        labels=["queue", "template", "verdict"],
    )
    totals: Counting[tuple[str, str, str]] = Counting()
    for workspace in workspaces.list_all(tx):
        for tally in verdicts.count_given(tx, workspace.id, since):
            totals[tally.queue, tally.template or "", tally.verdict or ""] += tally.number
    for labels, number in sorted(totals.items()):
        found.add_metric(labels, float(number))
    return found


def _refused(tx: Tx, now: datetime) -> Metric:
    found = GaugeMetricFamily(
        "baton_messages_refused",
        f"Messages that Slack has refused for {REFUSED_FOR.seconds // 60} minutes or longer, by its error code.",
        labels=["code"],
    )
    for refused in outbox.list_refused(tx, now - REFUSED_FOR):
        found.add_metric([refused.code], float(refused.count))
    return found


def _age_s(since: datetime | None, now: datetime) -> float:
    return (now - since).total_seconds() if since is not None else 0.0


def _gauge(name: str, meaning: str, value: float) -> Metric:
    return GaugeMetricFamily(name, meaning, value=value)
