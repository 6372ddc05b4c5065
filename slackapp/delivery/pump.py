"""The pump: the only part that posts messages and publishes Home tabs.

A loop of lease, draw from the stored state, send, record.

One asyncio loop in a thread of its own sends up to 64 messages at a time. The loop never touches the database: one
more thread does (`OutboxWorker`), in batches, so that a slow database cannot turn answered calls into timeouts.

What can go wrong at any instant, and what happens then:
1. killed before a lease: the message waits for the next pump;
2. killed between lease and record: the lease ends, and the message is searched by its key before it is posted again;
3. changed while it is drawn or sent: the change put the key again, and that version is sent after this one;
4. the database is away: results are kept and recorded when it is back.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Final

import structlog

from slackapp.capability import Kinds
from slackapp.delivery import rate_limits
from slackapp.delivery.gateway import TIMEOUT_S, Gateway
from slackapp.delivery.home_tabs.publish import publish
from slackapp.delivery.model import Job, PublishJob, Result, RetryLater, WebhookCall
from slackapp.delivery.outbox_worker import LEASE_S, OutboxTurn, OutboxWorker
from slackapp.delivery.send import deliver
from slackapp.delivery.webhooks import Webhooks
from slackapp.runtime.baton import Baton
from storage.db.errors import DatabaseBusy, DatabaseUnavailable
from storage.outbox.model import LeasedMessage
from storage.outbox.pacing import SKEW

IN_FLIGHT: Final = 64
POLL_S: Final = 2.0
"""The longest sleep, in real seconds: what other processes put is seen at least this often."""
_ANSWER_FIRST_S: Final = 0.01
"""Between a wake and the turn: the thread that woke us answers Slack first. A turn at once would take the GIL from it
and add a quarter to what a claim takes."""
_APART_S: Final = 0.05
"""Between two turns that were asked for by a wake: what many people do at once is leased together, and most of their
clicks meet no turn."""
_AWAY_S: Final = 1.0
_FIRST_IDLE_S: Final = 0.05
_STOP_S: Final = 2 * TIMEOUT_S
_log = structlog.get_logger(__name__)


class TurnTimer:
    """Sets an event when a turn that somebody asked for is due: soon, but not at once, and one for a burst of wakes.

    Used in the loop's thread only, but for `is_asked`.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, due: asyncio.Event) -> None:
        self._loop = loop
        self._due = due
        self._next: asyncio.TimerHandle | None = None
        """The turn to come, for everybody who asked since the last one began."""
        self._next_at = 0.0
        """When it is due or the last one was, by the loop's time."""
        self.is_asked = False
        """Whether a turn is to come: it begins after whatever is stored now, so nobody need ask for another one."""

    def ask(self) -> None:
        """Ask for a turn."""
        if self._next is None:
            self.is_asked = True
            self._next_at = max(self._loop.time() + _ANSWER_FIRST_S, self._next_at + _APART_S)
            self._next = self._loop.call_at(self._next_at, self._due.set)

    def begin(self) -> None:
        """Note that a turn begins, which sees whatever anybody asked for so far."""
        self.is_asked = False
        if self._next is not None:
            self._next.cancel()
            self._next = None


class Pump:
    """Sends the messages of the outbox. Start it once per process; several processes may each run one."""

    def __init__(
        self,
        baton: Baton,
        gateway: Gateway,
        kinds: Kinds,
        *,
        webhooks: Webhooks | None = None,
        rates: rate_limits.Rates = rate_limits.SLACK,
        lease_s: float = LEASE_S,
    ) -> None:
        self._gateway = gateway
        self._webhooks = webhooks or Webhooks()
        self._clock = baton.clock
        self._lease = timedelta(seconds=lease_s)
        self._margin = timedelta(seconds=min(TIMEOUT_S, lease_s / 2))
        by = f"{os.getpid()}-{secrets.token_hex(4)}"
        self._worker = OutboxWorker(baton, kinds, by=by, rates=rates, lease_s=lease_s)
        self._database = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pump-database")
        self._thread = threading.Thread(target=self._main, name="pump", daemon=True)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._woken: asyncio.Event | None = None
        self._turns: TurnTimer | None = None
        self._started = threading.Event()
        self._stopping = False
        self._sending: dict[int, asyncio.Task[None]] = {}
        self._rows: dict[int, LeasedMessage] = {}
        """The newest lease of each row that is being sent: marks are made under it."""
        self._results: list[Result] = []
        self._asked = False
        """Somebody woke us, and no turn has begun since: what they put may still look as if it could not be sent."""
        self._turning = False
        self._away = False
        self._idle_s = _FIRST_IDLE_S

    def start(self) -> None:
        """Start sending. Returns when the loop runs."""
        self._thread.start()
        self._started.wait()

    def wake(self) -> None:
        """Check the outbox at once. Callable from any thread at any time; does nothing unless the pump runs."""
        loop, turns = self._loop, self._turns
        if loop is None or turns is None or loop.is_closed():
            return
        self._asked = not self._stopping
        if turns.is_asked and not self._stopping:
            return  # to wake the loop would take the GIL from whoever asks
        try:
            loop.call_soon_threadsafe(turns.ask)
        except RuntimeError:  # the loop was closed just now
            return

    def quiet(self) -> bool:
        """Whether no message is being sent, is leased, or is due now or in a few seconds."""
        if self._asked or self._sending or self._results or self._turning or self._away:
            return False
        try:
            return not self._worker.busy()
        except (DatabaseBusy, DatabaseUnavailable):
            return False

    def why_no_access(self) -> str | None:
        """Return a sentence if Slack refused the token when it was last used, else None."""
        return self._worker.why_no_access()

    def stop(self, *, timeout_s: float = _STOP_S) -> None:
        """Finish and record messages in flight, for at most `timeout_s` seconds; the next pump sends the rest."""
        self._stopping = True
        self.wake()
        if self._thread.is_alive():
            self._thread.join(timeout_s)
        self._database.shutdown(wait=False, cancel_futures=True)

    def _main(self) -> None:
        try:
            asyncio.run(self._run())
        finally:
            self._asked = False
            self._started.set()

    async def _run(self) -> None:
        self._loop, self._woken = asyncio.get_running_loop(), asyncio.Event()
        self._turns = TurnTimer(self._loop, self._woken)
        await self._gateway.open()
        await self._webhooks.open()
        self._started.set()
        try:
            while not self._stopping:
                self._woken.clear()
                turn = await self._turn(IN_FLIGHT - len(self._sending))
                self._results.extend(turn.undrawn)
                for job in turn.jobs:
                    self._send(job)
                await self._wait_for_work(turn)
            await self._finish()
        finally:
            await self._gateway.close()
            await self._webhooks.close()

    async def _turn(self, room: int) -> OutboxTurn:
        """Run one database turn. If the database is away nothing is lost: a later turn records the results."""
        loop = asyncio.get_running_loop()
        self._turning = True
        if self._turns is not None:
            self._turns.begin()
        self._asked = False  # after it: who asks in between asks for another turn
        results, self._results = self._results, []
        try:
            turn = await loop.run_in_executor(self._database, self._worker.turn, results, room)
        except (DatabaseBusy, DatabaseUnavailable) as error:
            self._results = [*results, *self._results]
            self._report_outage(error)
            return OutboxTurn(jobs=[], undrawn=[], full=False, next_in_s=_AWAY_S)
        except Exception:  # noqa: BLE001 - the pump must outlive every bug in one message
            self._results = [*results, *self._results]
            _log.exception("the message pump failed once and continues")
            return OutboxTurn(jobs=[], undrawn=[], full=False, next_in_s=_AWAY_S)
        finally:
            self._turning = False
        self._away = False
        return turn

    def _report_outage(self, error: DatabaseBusy | DatabaseUnavailable) -> None:
        if not self._away and isinstance(error, DatabaseBusy):  # the database itself logs that it is away
            _log.warning("the database is busy: messages wait", why=str(error))
        self._away = True

    def _send(self, job: Job) -> None:
        """Send in a task of its own. A message still being sent after its lease ended is not sent a second time."""
        self._rows[job.row.id] = job.row
        if job.row.id not in self._sending:
            self._sending[job.row.id] = asyncio.create_task(self._sent(job))

    async def _sent(self, job: Job) -> None:
        try:
            result = await self._deliver(job)
        except Exception:  # noqa: BLE001 - as above
            _log.exception("a message could not be sent", key=job.row.wanted.key)
            result = Result(row=job.row, outcome=RetryLater(code="bug", known=False))
        self._results.append(replace(result, row=self._rows.pop(job.row.id)))
        del self._sending[job.row.id]
        if self._woken is not None:
            self._woken.set()

    async def _deliver(self, job: Job) -> Result:
        def is_ours() -> bool:
            return self._is_ours(job.row.id)

        if isinstance(job, WebhookCall):
            return await self._webhooks.deliver(job, is_ours)
        if isinstance(job, PublishJob):
            return await publish(self._gateway, job, is_ours)
        return await deliver(self._gateway, job, is_ours)

    def _is_ours(self, row_id: int) -> bool:
        """Whether the lease lasts for one more call to Slack.

        The machine may have been suspended meanwhile, or its clock stepped back to before the lease was made.
        """
        until = self._rows[row_id].lease_until
        return until - self._lease - SKEW <= self._clock.now() < until - self._margin

    async def _wait_for_work(self, turn: OutboxTurn) -> None:
        """Wait until somebody wakes the pump, a send ends or the next message is due."""
        if self._woken is None or self._stopping:
            return
        self._idle_s = _FIRST_IDLE_S if turn.jobs else min(2 * self._idle_s, POLL_S)
        if turn.undrawn or turn.full:
            return  # there is something to mark, or there may be more to lease
        soon = POLL_S if turn.next_in_s is None else min(turn.next_in_s, POLL_S)
        if soon <= 0:  # due, but not to be had now: paced, or behind another message
            soon = self._idle_s
        try:
            await asyncio.wait_for(self._woken.wait(), soon)
        except TimeoutError:
            return

    async def _finish(self) -> None:
        """Wait for the messages in flight, and record their results."""
        if self._sending:
            await asyncio.wait(list(self._sending.values()), timeout=_STOP_S)
        if self._results:
            await self._turn(0)
