"""Slack as people see it: real outbox, drawing and results, with a dictionary for what Slack shows.

Messages may be in flight while something changes, and a person may delete one of ours.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count

from slackapp.delivery.gateway import Message, Spot
from slackapp.delivery.model import Deleted, Delivered, Erased, Job, NoLongerNeeded, Outcome, Result, SendJob
from slackapp.delivery.prepare import prepare
from slackapp.delivery.record_results import record_result
from slackapp.delivery.result_context import TokenHealth
from slackapp.registers import REGISTERS
from storage.db.database import Database
from storage.outbox import outbox
from tests.handoffs.said.oracle import Said
from tests.manual_clock import ManualClock

MINUTE = timedelta(minutes=1)
_LONG_S = 864_000
"""Length of a lease: no pump dies here."""


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A message that Slack shows."""

    key: str
    ts: str
    reader: str | None
    """Whose direct message it is; None in a channel."""
    message: Message
    settled: bool
    """Whether Baton takes nothing in it to become false any more."""

    @property
    def said(self) -> Said:
        """What it says, for the oracle."""
        return Said(
            key=self.key,
            reader=self.reader,
            text=self.message.text,
            blocks=self.message.blocks,
            settled=self.settled,
        )


@dataclass(kw_only=True)
class Screen:
    """What Slack shows, by address."""

    db: Database
    clock: ManualClock
    shown: dict[Spot, Shown] = field(default_factory=dict)
    posted: list[str] = field(default_factory=list)
    """The keys of new messages, which notify their readers, in their order; redraws are not among them."""
    in_flight: list[SendJob] = field(default_factory=list)
    _numbers: count[int] = field(default_factory=lambda: count(1))
    _health: TokenHealth = field(default_factory=TokenHealth)

    def draw(self, limit: int = 1) -> bool:
        """Lease and draw messages, which are in flight afterwards; return whether there was any."""
        now = self.clock.now()
        rows = self.db.run_transaction(lambda tx: outbox.lease(tx, now, limit, _LONG_S, "pump"))
        for row in rows:
            with self.db.reading() as tx:
                drawn = prepare(tx, row, now, REGISTERS.message_kinds)
            if isinstance(drawn, SendJob):
                self.in_flight.append(drawn)
            else:
                assert not isinstance(drawn, Job), "no webhook and no Home tab here"
                self._record(Result(row=row, outcome=drawn))
        return bool(rows)

    def land(self) -> None:
        """Let Slack have everything that is in flight."""
        for job in self.in_flight:
            self._record(Result(row=job.row, outcome=self._sent(job), settled=job.settled))
        self.in_flight = []

    def rest(self) -> None:
        """Let Slack have everything there is, also what waits for a minute or so."""
        self.land()
        while True:
            while self.draw(100):
                self.land()
            now = self.clock.now()
            with self.db.reading() as tx:
                later = outbox.next_due_at(tx, now)
            if later is None or later > now + MINUTE:
                return
            self.clock.set(later)

    def delete(self, spot: Spot) -> None:
        """A person deletes one of our messages."""
        del self.shown[spot]

    def _sent(self, job: SendJob) -> Outcome:
        if job.message is None:
            gone = self.shown.pop(job.spot, None) if job.spot else None
            return Erased() if gone else NoLongerNeeded(reason=None)
        if job.spot is not None and job.spot not in self.shown:
            return Deleted()
        user = job.row.wanted.to.user
        channel = f"D{user}" if user else job.place.channel or ""
        spot = job.spot or Spot(channel=channel, ts=f"1.{next(self._numbers):06}")
        if job.spot is None:
            self.posted.append(job.row.wanted.key)
        self.shown[spot] = Shown(
            key=job.row.wanted.key, ts=spot.ts, reader=user, message=job.message, settled=job.settled
        )
        return Delivered(spot=spot, permalink=f"https://slack/{spot.ts}" if job.is_card else None)

    def _record(self, result: Result) -> None:
        now = self.clock.now()
        self.db.run_transaction(lambda tx: record_result(tx, result, now, self._health, REGISTERS.message_kinds))
