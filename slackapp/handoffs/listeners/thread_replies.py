"""What people write in channels: only a reply in a card's thread matters, and all else is dropped as early as can be.

1. In memory: what is no plain new message of a person in a thread, and what is in a channel that no queue posts to.
2. By one indexed read: threads that are not ours, and replies that no clock waits for (`usecases.sign_of_life`).

What a message says is never read.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from slackapp.handoffs.actions.thread_reply import sign_of_life
from slackapp.people.queries import channels_of_queues
from slackapp.runtime.baton import Baton
from slackapp.slack import payloads

EVENT: Final = "message"
FRESH_S: Final = 60.0
"""How long, in real time, a new queue's channel may go unnoticed."""


@dataclass(frozen=True, kw_only=True)
class _Known:
    at: float
    channels: frozenset[str]


class QueueChannels:
    """The channels that queues post to, read again at most once a minute, so that asking costs no read.

    Args:
        baton: where the queues are stored.
        seconds: real time, which only grows.
    """

    def __init__(self, baton: Baton, seconds: Callable[[], float] = time.monotonic) -> None:
        self._baton = baton
        self._seconds = seconds
        self._known: dict[str, _Known] = {}

    def has(self, workspace: str, channel: str) -> bool:
        """Whether a queue of the workspace posts to this channel, as of a minute ago at most."""
        known = self._known.get(workspace)
        if known is None or self._seconds() - known.at >= FRESH_S:
            channels = frozenset(channels_of_queues(self._baton, workspace))
            known = self._known[workspace] = _Known(at=self._seconds(), channels=channels)
        return channel in known.channels


def hear(baton: Baton, channels: QueueChannels, workspace: str, event: Mapping[str, Any]) -> bool:
    """Take a message event; True if it was a sign of life.

    Args:
        baton: where it is stored, if it is one.
        channels: the channels that matter.
        workspace: where the message was written.
        event: Slack's inner event of the type `message`.
    """
    reply = payloads.parse_thread_reply(event)
    if reply is None or not channels.has(workspace, reply.channel):
        return False
    return sign_of_life(baton, workspace, reply)
