"""Message events of channels: only a reply in a card's thread matters; others are dropped as early as possible.

1. In memory: what is not a plain new message of a person in a thread, and channels that no queue posts to.
2. By one indexed read: threads of no card, and replies that no clock waits for (`thread_reply.apply_reply`).

The text of a message is never read.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from slackapp.handoffs.actions.thread_reply import apply_reply
from slackapp.people.queries import channels_of_queues
from slackapp.runtime.baton import Baton
from slackapp.slack import payloads

EVENT: Final = "message"
FRESH_S: Final = 60.0
"""Real seconds for which a new queue's channel may be missed."""


@dataclass(frozen=True, kw_only=True)
class _ChannelsRead:
    at: float
    channels: frozenset[str]


class QueueChannels:
    """The channels that queues post to, cached for `FRESH_S` so that most checks cost no read.

    Args:
        baton: the running Baton.
        seconds: real time, which only grows.
    """

    def __init__(self, baton: Baton, seconds: Callable[[], float] = time.monotonic) -> None:
        self._baton = baton
        self._seconds = seconds
        self._known: dict[str, _ChannelsRead] = {}

    def has(self, workspace: str, channel: str) -> bool:
        """Whether a queue of the workspace posts to this channel, as of a minute ago at most."""
        known = self._known.get(workspace)
        if known is None or self._seconds() - known.at >= FRESH_S:
            channels = frozenset(channels_of_queues(self._baton, workspace))
            known = self._known[workspace] = _ChannelsRead(at=self._seconds(), channels=channels)
        return channel in known.channels


def handle_message(baton: Baton, channels: QueueChannels, workspace: str, event: Mapping[str, Any]) -> bool:
    """Handle a message event; return whether it was a reply that changed a handoff.

    Args:
        baton: the running Baton.
        channels: the channels that queues post to.
        workspace: the workspace of the message.
        event: Slack's inner event of the type `message`.
    """
    reply = payloads.parse_thread_reply(event)
    if reply is None or not channels.has(workspace, reply.channel):
        return False
    return apply_reply(baton, workspace, reply)
