"""Decide whether a channel can be posted to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from storage.company.model import Channel

_PUBLIC: Final = "chat:write.public"


def posting_problem(channel: Channel, scopes: Iterable[str]) -> str | None:
    """Return the Slack error code with which posting to a channel would fail, or None.

    Slack answers for a private channel without the bot as if it did not exist.
    """
    if channel.is_archived:
        return "is_archived"
    if channel.has_bot:
        return None
    if channel.is_private:
        return "channel_not_found"
    return None if _PUBLIC in scopes else "not_in_channel"
