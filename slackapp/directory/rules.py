"""Why a channel cannot be posted to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from storage.company.model import Channel

_PUBLIC: Final = "chat:write.public"


def posting_problem(channel: Channel, scopes: Iterable[str]) -> str | None:
    """Why a channel cannot be posted to, in Slack's word, or None.

    A private channel without the bot looks to Slack's answers as if it did not exist.
    """
    if channel.is_archived:
        return "is_archived"
    if channel.has_bot:
        return None
    if channel.is_private:
        return "channel_not_found"
    return None if _PUBLIC in scopes else "not_in_channel"
