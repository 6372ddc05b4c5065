"""The workspace's movable clock, which apps follow over `/clock`, and the processes that do.

Now is real UTC plus an offset. Signatures, trigger ids and time-outs of the network never use it.
"""

import asyncio
import time
from collections.abc import Awaitable
from contextlib import suppress
from dataclasses import dataclass, field

FORGET_AFTER_S = 6.0
"""A process that has not polled for this long is taken for gone: one that lives polls again within moments."""
FORGET_DROPPED_AFTER_S = 2.0
"""The same, when its last poll ended because its connection closed."""
LONGEST_WAIT_S = 25.0
"""The longest a poll is held open."""
NAP_S = 1.0


@dataclass(kw_only=True, slots=True)
class AppProcess:
    """One process that polls the clock; `quiet` maps a settle number to its latest report.

    `inspect` is where it may be asked about a message, if it lends such an address.
    """

    seen_at: float
    polls: int = 0
    dropped: bool = False
    inspect: str | None = None
    quiet: dict[int, bool] = field(default_factory=dict)


class SharedClock:
    """Offset, revision, and the processes that follow them."""

    def __init__(self) -> None:
        self.offset_s = 0.0
        self.revision = 1
        self.settle = 0
        self.processes: dict[str, AppProcess] = {}
        self._changed = asyncio.Event()

    def now(self) -> float:
        """Return the workspace's time in epoch seconds."""
        return time.time() + self.offset_s

    async def move_by(self, seconds: float) -> None:
        """Add to the offset and wake everybody who waits."""
        self.offset_s += seconds
        await self.touch()

    async def touch(self) -> None:
        """Begin a new revision and wake everybody who waits for one."""
        self.revision += 1
        self._changed.set()
        self._changed = asyncio.Event()

    async def begin_settle(self) -> int:
        """Begin a new settle round and return its number."""
        self.settle += 1
        await self.touch()
        return self.settle

    async def sleep_until(self, moment: float) -> None:
        """Wait until the workspace's clock shows `moment`, however it gets there."""
        while (rest := moment - self.now()) > 0:
            await self._wait_for_change(self.revision, min(rest, NAP_S))

    def lend_inspection(self, process: str, address: str) -> None:
        """Remember where a process may be asked about a message; forgotten with the process."""
        self._known(process).inspect = address

    async def poll(self, process: str, after: int | None, wait_s: float, gone: Awaitable[None]) -> None:
        """Hold a process's poll until the revision is no longer `after`, the wait is over, or it is `gone`."""
        known = self._known(process)
        known.polls += 1
        known.dropped = False
        leaving = asyncio.ensure_future(gone)
        waiting = asyncio.ensure_future(self._wait_for_change(after, min(wait_s, LONGEST_WAIT_S)))
        try:
            await asyncio.wait({leaving, waiting}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            known.polls -= 1
            known.seen_at = time.monotonic()
            known.dropped = leaving.done()
            leaving.cancel()
            waiting.cancel()

    async def report(self, process: str, settle: int, *, quiet: bool) -> None:
        """Store what a process says about a settle round."""
        known = self._known(process)
        known.seen_at = time.monotonic()
        known.quiet = {settle: quiet}

    def living(self) -> dict[str, AppProcess]:
        """Forget processes that went away and return the others."""
        now = time.monotonic()
        for name, process in list(self.processes.items()):
            patience = FORGET_DROPPED_AFTER_S if process.dropped else FORGET_AFTER_S
            if process.polls == 0 and now - process.seen_at > patience:
                del self.processes[name]
        return self.processes

    def forget_dropped(self) -> None:
        """Forget at once every process whose last poll ended with its connection."""
        self.processes = {name: p for name, p in self.processes.items() if p.polls or not p.dropped}

    def _known(self, process: str) -> AppProcess:
        return self.processes.setdefault(process, AppProcess(seen_at=time.monotonic()))

    async def _wait_for_change(self, after: int | None, wait_s: float) -> None:
        """Wait for the revision that follows `after`.

        An event for each revision and no lock: before Python 3.12 a wait on an `asyncio.Condition` that is cancelled as
        its time ends may leave the lock behind for good.
        """
        if self.revision != after:
            return
        with suppress(TimeoutError):
            await asyncio.wait_for(self._changed.wait(), wait_s)
