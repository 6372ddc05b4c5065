"""The workspace as one object: its state and the parts that serve it."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Final

from slackapp.local.clock.in_flight import InFlight
from slackapp.local.clock.shared_clock import SharedClock
from slackapp.local.delivery.transport import Transport
from slackapp.local.faults.injection import FaultQueue
from slackapp.local.inspector.call_log import FOLLOWER, CallLog
from slackapp.local.limits.patience import Patience
from slackapp.local.limits.rate_limits import RateLimits
from slackapp.local.limits.response_urls import ResponseUrls
from slackapp.local.limits.trigger_ids import TriggerIds
from slackapp.local.protocol.types import Json
from slackapp.local.state.manifest import AppManifest
from slackapp.local.state.seed import state_from_seed
from slackapp.local.state.workspace_state import WorkspaceState
from slackapp.local.workspace.change_feed import ChangeFeed

_CANCEL_AGAIN_S: Final = 0.1


class SlackWorkspace:
    """Holds the parts together. `address` is `http://127.0.0.1:P`; it is known once the server listens."""

    def __init__(
        self,
        *,
        manifest: AppManifest,
        seed: Json,
        app_url: str | None = None,
        guide: Json | None = None,
        patience: float = 1.0,
    ) -> None:
        self.manifest = manifest
        self.seed = seed
        self.guide = guide
        self.address = ""
        self.patience = Patience(factor=patience)
        self._usual_patience = patience
        self.state: WorkspaceState = state_from_seed(seed, manifest)
        self.clock = SharedClock()
        self.in_flight = InFlight()
        self.faults = FaultQueue()
        self.rate_limits = RateLimits()
        self.triggers = TriggerIds(patience=self.patience)
        self.response_urls = ResponseUrls()
        self.change_feed = ChangeFeed()
        self.call_log = CallLog(changed=lambda: self.change_feed.publish("calls", [FOLLOWER]))
        self.transport = Transport(
            app_url=app_url,
            patience=self.patience,
            call_log=self.call_log,
            faults=self.faults,
            in_flight=self.in_flight,
        )
        self._background: set[asyncio.Task[None]] = set()

    def start(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Run `work` beside everything else; a reset or the end of the server cancels it."""
        task = asyncio.get_running_loop().create_task(work())
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    async def stop_background(self) -> None:
        """Cancel what still runs beside and wait for it to end.

        Again and again: before Python 3.12 `asyncio.wait_for` may swallow a cancellation that comes as its wait ends.
        """
        while running := [task for task in self._background if not task.done()]:
            for task in running:
                task.cancel()
            await asyncio.wait(running, timeout=_CANCEL_AGAIN_S)

    async def reset(self, seed: Json | None = None) -> None:
        """Go back to the seed (a new one, if given) and forget everything since. Connected sockets stay."""
        state = state_from_seed(self.seed if seed is None else seed, self.manifest)
        if seed is not None:
            self.seed = seed
        await self.stop_background()
        self.state = state
        for part in (self.call_log, self.faults, self.rate_limits, self.triggers, self.response_urls):
            part.clear()
        self.rate_limits.enabled = True
        self.patience.factor = self._usual_patience
        self.clock.forget_dropped()
        await self.clock.move_by(-self.clock.offset_s)
        self.change_feed.publish("workspace")
