"""Database side of the pump: record results, lease messages that are due, draw them from the stored state.

Runs in one thread. A turn is three short transactions, none of which waits for Slack: record, lease, and a read-only
one for drawing, so that a message shows the state stored after it was leased.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import structlog

from slackapp.capability import Kinds
from slackapp.delivery import rate_limits
from slackapp.delivery.model import Job, Result, RetryLater
from slackapp.delivery.prepare import prepare
from slackapp.delivery.record_results import record_result
from slackapp.delivery.result_context import TokenHealth
from slackapp.runtime.baton import Baton
from storage.db.database import Tx
from storage.db.errors import DatabaseBusy, DatabaseUnavailable
from storage.outbox import outbox
from storage.outbox.model import Candidate, LeasedMessage
from storage.outbox.pacing import block

LEASE_S: Final = 60.0
"""Length of a lease in seconds: much longer than a call to Slack may take."""
_BEFORE_FIRST_TURN: Final = datetime.max.replace(tzinfo=UTC)
SOON: Final = timedelta(seconds=3)
"""Messages due within this time count as due when a settle round asks whether the pump is quiet."""
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class _Stuck:
    """Messages that a turn found due but could not lease, at the earliest at `until` (None: unknown).

    For example those of a paused workspace, and replies whose card waits for its channel to be fixed.
    """

    count: int
    oldest: datetime | None
    until: datetime | None

    def still(self, count: int, oldest: datetime | None, soon: datetime) -> bool:
        """Whether exactly these messages are due and none can be leased by `soon`."""
        return (count, oldest) == (self.count, self.oldest) and (self.until is None or soon < self.until)


@dataclass(frozen=True, kw_only=True)
class OutboxTurn:
    """The result of a turn: messages to send, and the seconds until the next one is due (None: none is)."""

    jobs: list[Job]
    undrawn: list[Result]
    full: bool
    """Whether the turn leased as many as it had room for, so that there may be more."""
    next_in_s: float | None


class OutboxWorker:
    """Leases and draws messages and records results.

    Used by the pump's database thread only, except `busy` and `why_no_access`.
    """

    def __init__(
        self, baton: Baton, kinds: Kinds, *, by: str, rates: rate_limits.Rates, lease_s: float = LEASE_S
    ) -> None:
        self._baton = baton
        self._kinds = kinds
        self._by = by
        self._rates = rates
        self._lease_s = lease_s
        self._token_health = TokenHealth()
        self._stuck: _Stuck | None = None
        self._leased: list[LeasedMessage] = []
        self._in_flight = 0
        """How many messages were in flight, in any process, when the last turn began to lease."""
        self._latest = _BEFORE_FIRST_TURN

    def turn(self, results: Sequence[Result], room: int) -> OutboxTurn:
        """Record `results`, then lease and draw up to `room` messages."""
        now = self._baton.clock.now()
        self._record(results, now)
        taken = 0
        if room and not self._leased:
            self._leased = self._baton.db.run_transaction(lambda tx: self._lease(tx, now, room))
            taken = len(self._leased)
        rows = self._leased  # kept until they are drawn: the database may go away in between
        with self._baton.db.reading() as tx:
            drawn = [self._prepare(tx, row, now) for row in rows]
            next_due = outbox.next_due_at(tx, now)
            idle = room and not taken and not rows and not self._in_flight  # else another process may end their wait
            due, oldest = outbox.count_due_and_oldest(tx, now + SOON) if idle else (0, None)
        self._leased = []
        self._stuck = _Stuck(count=due, oldest=oldest, until=next_due) if idle else None
        return OutboxTurn(
            jobs=[job for job in drawn if isinstance(job, Job)],
            undrawn=[result for result in drawn if isinstance(result, Result)],
            full=0 < room <= taken,
            next_in_s=None if next_due is None else (next_due - now).total_seconds(),
        )

    def busy(self) -> bool:
        """Whether any message is leased, or is due now or within `SOON` and can be sent."""
        soon = self._baton.clock.now() + SOON
        with self._baton.db.reading() as tx:
            busy, (due, oldest) = outbox.count_unsent(tx, soon), outbox.count_due_and_oldest(tx, soon)
        stuck = self._stuck
        return busy > 0 and not (busy == due and stuck is not None and stuck.still(due, oldest, soon))

    def why_no_access(self) -> str | None:
        """Return a sentence if Slack refused the token when it was last used, else None."""
        return self._token_health.why_no_access()

    def _record(self, results: Sequence[Result], now: datetime) -> None:
        """Record all results in one transaction, or each in its own if one of them cannot be written."""
        if not results:
            return
        try:
            self._baton.db.run_transaction(lambda tx: self._record_all(tx, results, now))
        except (DatabaseBusy, DatabaseUnavailable):
            raise
        except Exception:  # noqa: BLE001 - one bad row must not stop the others
            _log.exception("results could not be recorded together", count=len(results))
            for result in results:
                self._record_one(result, now)

    def _record_all(self, tx: Tx, results: Sequence[Result], now: datetime) -> None:
        for result in results:
            record_result(tx, result, now, self._token_health, self._kinds)

    def _record_one(self, result: Result, now: datetime) -> None:
        try:
            self._baton.db.run_transaction(lambda tx: record_result(tx, result, now, self._token_health, self._kinds))
        except (DatabaseBusy, DatabaseUnavailable):
            raise
        except Exception:  # noqa: BLE001 - its lease will run out, and the message be looked up
            _log.exception("a result could not be recorded", key=result.row.wanted.key)

    def _lease(self, tx: Tx, now: datetime, room: int) -> list[LeasedMessage]:
        """Lease messages that are due, as far as Slack's limits allow to send them now."""
        if now < self._latest:  # the first turn, or the clock has stepped back
            outbox.follow_clock(tx, now)
        self._latest = now
        usage = outbox.get_usage(tx, now, after=now - rate_limits.LONGEST_BURST)
        self._in_flight = usage.in_flight
        slots = rate_limits.Slots(now=now, allowed=usage.blocked)

        def admit(one: Candidate) -> Collection[str]:
            return slots.take(rate_limits.buckets(one, self._rates))

        rows = outbox.lease(tx, now, room, self._lease_s, self._by, admit=admit, usage=usage)
        for name in sorted(slots.taken):
            block(tx, name, slots.taken[name], now)
        return rows

    def _prepare(self, tx: Tx, row: LeasedMessage, now: datetime) -> Job | Result:
        """Draw a message from the stored state, or return the result if there is nothing to send."""
        try:
            drawn = prepare(tx, row, now, self._kinds)
        except (DatabaseBusy, DatabaseUnavailable):
            raise
        except Exception:  # noqa: BLE001 - as above
            _log.exception("a message could not be drawn", key=row.wanted.key, kind=row.wanted.kind)
            drawn = RetryLater(code="undrawable", known=row.first_leased_at is None)
        return drawn if isinstance(drawn, Job) else Result(row=row, outcome=drawn)
