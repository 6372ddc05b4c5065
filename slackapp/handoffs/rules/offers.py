"""The private message that offers a person to hand off a message: its kind, and the key that finds it again."""

from __future__ import annotations

from typing import Final

from storage.handoffs.model import Source

BEGIN: Final = "begin"
"""The kind of message."""


def offer_key(message: Source, user: str) -> str:
    """Return the outbox key of the offer to a person: one for each message."""
    return f"{BEGIN}:{message.channel}:{message.ts}:{user}"
