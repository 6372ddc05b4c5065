"""A log of every call, delivery and response between the app and the workspace."""

import time
from collections import deque
from collections.abc import Callable
from typing import Any, Final, Literal

from slackapp.local.blockkit.problem import BlockKitProblem
from slackapp.local.protocol.ids import random_id
from slackapp.local.protocol.types import Json

KEPT: int = 20_000
"""Older calls are forgotten, so that a long demo does not fill the memory."""
FOLLOWER: Final = ":calls"
"""The name under which a listener of the change feed is told "calls" whenever the log changes; people are not."""
MASK: Final = "(hidden)"
"""Stands in the record for what opens something: tokens, and the tickets of sockets."""

CallKind = Literal["web_api", "delivery", "response_url"]


class CallLog:
    """A numbered list; numbers go on after clearing, so that `after=n` never repeats anything."""

    def __init__(self, changed: Callable[[], None]) -> None:
        self._kept: deque[Json] = deque(maxlen=KEPT)
        self._last = 0
        self._cleared = 0
        self._id = random_id()
        self._changed = changed

    def record(
        self,
        kind: CallKind,
        method: str,
        *,
        at: float,
        took_ms: int,
        args: Any,
        answer: Any,
        status: int,
        problems: list[BlockKitProblem],
    ) -> None:
        """Keep one call when it is over.

        Args:
            kind: which way it went.
            method: the method's name, or what was delivered.
            at: the workspace's time, in epoch seconds.
            took_ms: how long it took, in milliseconds.
            args: what was sent.
            answer: what came back.
            status: the HTTP status, 0 when nothing was answered.
            problems: what the validator says about it.
        """
        self._last += 1
        self._kept.append(
            {
                "n": self._last,
                "kind": kind,
                "method": method,
                "at": at,
                "begun": time.monotonic() - took_ms / 1000,
                "took_ms": took_ms,
                "args": _masked(args),
                "answer": _masked(answer),
                "status": status,
                "problems": [{"pointer": p.pointer, "rule": p.rule, "message": p.message} for p in problems],
            }
        )
        self._changed()

    def after(self, number: int, newest: int = KEPT) -> list[Json]:
        """Return the calls kept whose number is greater, at most the `newest` so many of them."""
        found: list[Json] = []
        for call in reversed(self._kept):
            if call["n"] <= number or len(found) >= newest:
                break
            found.append(call)
        return found[::-1]

    @property
    def span(self) -> Json:
        """Return the numbers of the last call ever and of the last that was cleared away, and whose numbers they are.

        A workspace that was started again counts afresh, under another `record`.
        """
        return {"last": self._last, "cleared": self._cleared, "record": self._id}

    def clear(self) -> None:
        """Forget all calls."""
        self._kept.clear()
        self._cleared = self._last
        self._changed()


def _masked(said: Any) -> Any:
    """Hide a payload's verification token, and the address of a socket, which holds a ticket."""
    if not isinstance(said, dict):
        return said
    hidden = {"token"} if "token" in said else set()
    if str(said.get("url", "")).startswith(("ws:", "wss:")):
        hidden = {*hidden, "url"}
    return {**said, **dict.fromkeys(hidden, MASK)} if hidden else said
