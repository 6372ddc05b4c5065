"""The workspace as one object: its state and the parts that serve it. Other modules act on it."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Final

from slackapp.local.activity import Activity
from slackapp.local.calls import FOLLOWER, Calls
from slackapp.local.clock import Clock
from slackapp.local.courier import Courier
from slackapp.local.faults import Faults
from slackapp.local.feed import Feed
from slackapp.local.manifest import Manifest
from slackapp.local.rate_limits import RateLimits
from slackapp.local.response_urls import ResponseUrls
from slackapp.local.triggers import Triggers
from slackapp.local.wire import Json
from slackapp.local.world import World, world_from_seed

_CANCEL_AGAIN_S: Final = 0.1


class Workspace:
    """Holds the parts together. `address` is `http://127.0.0.1:P`; it is known once the server listens."""

    def __init__(
        self, *, manifest: Manifest, seed: Json, app_url: str | None = None, guide: Json | None = None
    ) -> None:
        self.manifest = manifest
        self.seed = seed
        self.guide = guide
        self.address = ""
        self.world: World = world_from_seed(seed, manifest)
        self.clock = Clock()
        self.activity = Activity()
        self.faults = Faults()
        self.rate_limits = RateLimits()
        self.triggers = Triggers()
        self.response_urls = ResponseUrls()
        self.feed = Feed()
        self.calls = Calls(changed=lambda: self.feed.changed("calls", [FOLLOWER]))
        self.courier = Courier(app_url=app_url, calls=self.calls, faults=self.faults, activity=self.activity)
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
        world = world_from_seed(self.seed if seed is None else seed, self.manifest)
        if seed is not None:
            self.seed = seed
        await self.stop_background()
        self.world = world
        for part in (self.calls, self.faults, self.rate_limits, self.triggers, self.response_urls):
            part.clear()
        self.rate_limits.enabled = True
        self.clock.forget_dropped()
        await self.clock.move_by(-self.clock.offset_s)
        self.feed.changed("workspace")
