"""Waiting until the app has nothing left to do and nothing is in flight.

A round begins when nothing is on the wire, by telling every process a new settle number. It ends the settling when each
of them has answered "quiet" to that number and nothing has crossed the wire since it began: what a process says of
itself while we still deliver to it says nothing of what it will do about that.
"""

import asyncio
import time
from collections.abc import Callable
from functools import partial
from typing import Final

from slackapp.local.clock.in_flight import InFlight
from slackapp.local.clock.shared_clock import SharedClock
from slackapp.local.protocol.types import Json

_LOOK_EVERY_S: Final = 0.005
_AGAIN_AFTER_S: Final = 0.01
"""The pause after the first round; later ones grow, because every round wakes the app."""
_LONGEST_PAUSE_S: Final = 0.25


async def settle(clock: SharedClock, in_flight: InFlight, timeout_s: float) -> Json:
    """Return `{"ok": true, "rounds": n}` when everything is quiet, or who is not when the time is over."""
    ends_at = time.monotonic() + timeout_s
    rounds = 0
    while time.monotonic() < ends_at:
        rounds += 1
        await _until(lambda: in_flight.count == 0, ends_at)
        started = in_flight.started
        number = await clock.begin_settle()
        await _until(partial(_quiet, clock, in_flight, number), ends_at)
        if _quiet(clock, in_flight, number) and started == in_flight.started:
            return {"ok": True, "rounds": rounds}
        await asyncio.sleep(min(_AGAIN_AFTER_S * rounds, _LONGEST_PAUSE_S))
    return {"ok": False, "error": _who(clock, in_flight)}


async def _until(reached: Callable[[], bool], ends_at: float) -> None:
    """Wait for something, at most until `ends_at`.

    The first look comes late, so that what was just begun is under way by then. A round is not given up when somebody
    says "not yet": the next one would only wake them again, and they go on reporting until they are quiet.
    """
    while True:
        await asyncio.sleep(_LOOK_EVERY_S)
        if reached() or time.monotonic() >= ends_at:
            return


def _quiet(clock: SharedClock, in_flight: InFlight, number: int) -> bool:
    living = clock.living().values()
    return in_flight.count == 0 and all(process.quiet.get(number) for process in living)


def _who(clock: SharedClock, in_flight: InFlight) -> str:
    number = clock.settle
    busy = [name for name, process in clock.living().items() if not process.quiet.get(number)]
    flying = in_flight.count
    parts = [f"process {name} is not quiet" for name in busy]
    parts += [f"{flying} calls or deliveries are in flight"] if flying else []
    return "; ".join(parts) or "something new crossed the wire in every round"
