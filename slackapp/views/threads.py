"""What a form says about the thread of the message that it starts from, in one line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from slackapp.slack.block_kit.blocks import Block, context

NOT_ALLOWED: Final = "missing_scope"
_ABSENT: Final = "Baton is not in that channel."
_REASONS: Final[Mapping[str, str]] = {
    NOT_ALLOWED: "Baton may not read threads here.",
    "not_in_channel": _ABSENT,
    "channel_not_found": _ABSENT,
}
"""Why Slack does not show a thread, by its error."""


def not_read(why: str) -> Block:
    """The thread was not read; `why` is Slack's error."""
    return context(f"Its thread was not read: {_REASONS.get(why, 'Slack did not show it.')}")


def read_in_part(shown: int) -> Block:
    """The thread is longer than what was read of it."""
    return context(f"Only the first {shown} messages of its thread were read.")
