"""The record of everything that crossed the wire, for tests and for the curious."""

from collections import deque
from typing import Any, Literal

from slackapp.local.blockkit import Problem
from slackapp.local.wire import Json

KEPT: int = 20_000
"""Older calls are forgotten, so that a long demo does not fill the memory."""

Kind = Literal["web_api", "delivery", "response_url"]


class Calls:
    """A numbered list; numbers go on after clearing, so that `after=n` never repeats anything."""

    def __init__(self) -> None:
        self._kept: deque[Json] = deque(maxlen=KEPT)
        self._last = 0

    def record(
        self, kind: Kind, method: str, *, at: float, args: Any, answer: Any, status: int, problems: list[Problem]
    ) -> None:
        """Keep one call. `at` is the workspace's time; `status` is 0 when nothing was answered."""
        self._last += 1
        self._kept.append(
            {
                "n": self._last,
                "kind": kind,
                "method": method,
                "at": at,
                "args": args,
                "answer": answer,
                "status": status,
                "problems": [{"pointer": p.pointer, "rule": p.rule, "message": p.message} for p in problems],
            }
        )

    def after(self, number: int) -> list[Json]:
        """Return the calls kept whose number is greater."""
        return [call for call in self._kept if call["n"] > number]

    def clear(self) -> None:
        """Forget all calls."""
        self._kept.clear()
