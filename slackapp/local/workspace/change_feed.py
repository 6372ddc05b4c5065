"""A feed for open pages: which parts of what a person sees have changed."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager


class ChangeFeed:
    """Listeners and a queue of changed parts for each."""

    def __init__(self) -> None:
        self._listeners: list[tuple[str, asyncio.Queue[str]]] = []

    @contextmanager
    def listen(self, user: str) -> Iterator["asyncio.Queue[str]"]:
        """Give a queue of changed parts for one person while the block runs."""
        queue: asyncio.Queue[str] = asyncio.Queue()
        self._listeners.append((user, queue))
        try:
            yield queue
        finally:
            self._listeners.remove((user, queue))

    def publish(self, what: str, users: list[str] | None = None) -> None:
        """Tell the named people (or everybody) that a part such as "channel:C1" or "views" changed."""
        for user, queue in self._listeners:
            if users is None or user in users:
                queue.put_nowait(what)


async def next_changes(queue: "asyncio.Queue[str]") -> list[str]:
    """Wait for a change and return it with all others that are there by then, each once."""
    parts = [await queue.get()]
    while not queue.empty():
        parts.append(queue.get_nowait())
    return list(dict.fromkeys(parts))
