"""What the ledger says of itself, read when `/metrics` is asked for: Baton's self-audit as numbers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from slackapp.clock import Clock
from storage import timers
from storage.database import Busy, Database, Tx, Unavailable

_WAIT_S: Final = 2.0


class LedgerFacts(Collector):
    """Counts running clocks and what is overdue; register it once.

    While the database cannot be read only `baton_database_up 0` is told: numbers that are missing are honest.
    """

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    def describe(self) -> Iterator[Metric]:
        """Promise nothing, so that registering does not ask the database."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        """Read the facts now."""
        found: list[Metric] = []
        try:
            with self._db.reading(wait_s=_WAIT_S) as tx:
                found = self._facts(tx)
        except (Busy, Unavailable):
            found = []
        yield _gauge("baton_database_up", "Whether the database could be read.", float(bool(found)))
        yield from found

    def _facts(self, tx: Tx) -> list[Metric]:
        now = self._clock.now()
        armed, overdue_since = timers.facts(tx, now)
        overdue_s = (now - overdue_since).total_seconds() if overdue_since is not None else 0.0
        return [
            _gauge("baton_clocks_running", "Clocks of handoffs that wait for an instant.", float(armed)),
            _gauge(
                "baton_deadline_overdue_seconds", "How long the oldest due deadline has waited for a tick.", overdue_s
            ),
        ]


def _gauge(name: str, meaning: str, value: float) -> Metric:
    return GaugeMetricFamily(name, meaning, value=value)
