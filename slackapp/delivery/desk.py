"""The pump's side of the database: write down what came back, lease what is due, draw it from what is stored now.

Runs in one thread. A turn is three short transactions, and none of them waits for Slack: mark, lease, and a reading
one for drawing, so that a message shows what was stored after it was leased.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog

from slackapp.capability import Kinds
from slackapp.delivery import pacing
from slackapp.delivery.marks import mark
from slackapp.delivery.outcomes import Call, Job, Later, Result
from slackapp.delivery.preparation import prepare
from slackapp.delivery.step import Voice
from slackapp.usecases.baton import Baton
from storage import messages, outbox
from storage import pacing as instants
from storage.database import Busy, Tx, Unavailable
from storage.records import Leased

LEASE_S: Final = 60.0
"""How long a row is ours: much longer than a call to Slack may take."""
SOON: Final = timedelta(seconds=3)
"""What is due within this time counts as due when others ask whether the pump is quiet."""
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class _Stuck:
    """What a turn that found nothing to lease left behind: due, but not to be had before `until` (None: unknown).

    Rows of a paused workspace and replies whose card waits for its channel to be mended are such.
    """

    count: int
    oldest: datetime | None
    until: datetime | None

    def still(self, count: int, oldest: datetime | None, soon: datetime) -> bool:
        """Whether exactly these rows are due and nothing frees them by `soon`."""
        return (count, oldest) == (self.count, self.oldest) and (self.until is None or soon < self.until)


@dataclass(frozen=True, kw_only=True)
class Turn:
    """What one turn gives the pump: messages to send, and in how many seconds the next one is due."""

    jobs: list[Job | Call]
    undrawn: list[Result]
    full: bool
    """Whether it took all it had room for, so that there may be more."""
    next_in_s: float | None


class Desk:
    """Leases, draws and marks. Used by the pump's database thread only, `busy` excepted."""

    def __init__(self, baton: Baton, kinds: Kinds, *, by: str, rates: pacing.Rates, lease_s: float = LEASE_S) -> None:
        self._baton = baton
        self._kinds = kinds
        self._by = by
        self._rates = rates
        self._lease_s = lease_s
        self._voice = Voice()
        self._stuck: _Stuck | None = None
        self._leased: list[Leased] = []

    def turn(self, results: Sequence[Result], room: int) -> Turn:
        """Mark `results`, then lease and draw up to `room` messages."""
        now = self._baton.clock.now()
        self._mark(results, now)
        taken = 0
        if room and not self._leased:
            taken, self._leased = self._baton.db.retrying(lambda tx: self._lease(tx, now, room))
        rows = self._leased  # kept until they are drawn: the database may go away in between
        with self._baton.db.reading() as tx:
            drawn = [self._prepare(tx, row, now) for row in rows]
            next_due = outbox.next_due(tx, now)
            due, oldest = outbox.waiting(tx, now + SOON)
        self._leased = []
        idle = room and not taken and not rows
        self._stuck = _Stuck(count=due, oldest=oldest, until=next_due) if idle else None
        return Turn(
            jobs=[job for job in drawn if isinstance(job, Job | Call)],
            undrawn=[result for result in drawn if isinstance(result, Result)],
            full=0 < room <= taken,
            next_in_s=None if next_due is None else (next_due - now).total_seconds(),
        )

    def busy(self) -> bool:
        """Whether anything is leased, or due now or within moments, that could be sent."""
        soon = self._baton.clock.now() + SOON
        with self._baton.db.reading() as tx:
            busy, (due, oldest) = outbox.busy(tx, soon), outbox.waiting(tx, soon)
        stuck = self._stuck
        return busy > 0 and not (busy == due and stuck is not None and stuck.still(due, oldest, soon))

    def _mark(self, results: Sequence[Result], now: datetime) -> None:
        """Write all results in one transaction; if one of them cannot be written, each in its own."""
        if not results:
            return
        try:
            self._baton.db.retrying(lambda tx: self._mark_all(tx, results, now))
        except (Busy, Unavailable):
            raise
        except Exception:  # noqa: BLE001 - one bad row must not stop the others
            _log.exception("results cannot be marked together", count=len(results))
            for result in results:
                self._mark_one(result, now)

    def _mark_all(self, tx: Tx, results: Sequence[Result], now: datetime) -> None:
        for result in results:
            mark(tx, result, now, self._voice, self._kinds)

    def _mark_one(self, result: Result, now: datetime) -> None:
        try:
            self._baton.db.retrying(lambda tx: mark(tx, result, now, self._voice, self._kinds))
        except (Busy, Unavailable):
            raise
        except Exception:  # noqa: BLE001 - its lease will run out, and the message be looked up
            _log.exception("a result cannot be marked", key=result.row.wanted.key)

    def _lease(self, tx: Tx, now: datetime, room: int) -> tuple[int, list[Leased]]:
        """Take rows that are due: how many, and those of them that Slack's limits let us send now."""
        rows = outbox.lease(tx, now, room, self._lease_s, self._by)
        if not rows:
            return 0, []
        wanted = {row.id: pacing.buckets(row, self._rates, channel=self._posted_to(tx, row)) for row in rows}
        names = sorted({name for buckets in wanted.values() for name in buckets})
        slots = pacing.Slots(now=now, allowed=instants.allowed(tx, names))
        ready = []
        for row in rows:
            turn_at = slots.take(wanted[row.id])
            if turn_at is None:
                ready.append(row)
            else:
                outbox.retry(tx, row, turn_at, "paced", known=row.first_leased_at is None)
        for name in sorted(slots.taken):
            instants.push(tx, name, slots.taken[name])
        return len(rows), ready

    def _posted_to(self, tx: Tx, row: Leased) -> str | None:
        """The channel or person a first post would go to."""
        to = row.wanted.to
        if to.user or not to.reply_to:
            return to.user or to.channel
        parent = messages.get(tx, row.wanted.workspace, to.reply_to)
        return parent.channel if parent else to.channel

    def _prepare(self, tx: Tx, row: Leased, now: datetime) -> Job | Call | Result:
        """Draw a row from what is stored now, or say why there is nothing to send."""
        try:
            drawn = prepare(tx, row, now, self._kinds)
        except Exception:  # noqa: BLE001 - as above
            _log.exception("a message cannot be drawn", key=row.wanted.key, kind=row.wanted.kind)
            drawn = Later(code="undrawable", known=row.first_leased_at is None)
        return drawn if isinstance(drawn, Job | Call) else Result(row=row, outcome=drawn)
