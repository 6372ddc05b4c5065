"""Phrases of messages and forms: durations, counts, labels with a colon, bold titles, people's names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final

from slackapp.slack.block_kit.blocks import mention, said
from storage.handoffs.lifecycle import SYSTEM_ACTORS

DETAILS: Final = "Details"
"""The button on a card that shows everything."""
_ADMINS: Final = 5
"""The most admins named to somebody who needs one."""


def person(names: Mapping[str, str], user: str | None) -> str:
    """Return a person for mrkdwn: the name if `names` has it, which notifies nobody, else a mention."""
    if not user:
        return "somebody"
    if user in SYSTEM_ACTORS:
        return "Baton"
    known = names.get(user)
    return said(known, 75) if known else mention(user)


def any_of(admins: Sequence[str]) -> str:
    """Return whom to ask for what only admins may do: some of them, as mentions; without any, who can name one."""
    return " or ".join(map(mention, admins[:_ADMINS])) or "the person who runs Baton"


def set_off(text: str, *, bold: bool) -> str:
    """Return a title in bold, unless an asterisk in it would end the bold text early."""
    return f"*{text}*" if bold and "*" not in text else text


def span(length: timedelta | float) -> str:
    """Return a duration (a number is seconds) in words: "35 min", "2 h 10 min", "3 days", "under a minute"."""
    seconds = length.total_seconds() if isinstance(length, timedelta) else length
    minutes = int(seconds // 60)
    if minutes < 1:
        return "under a minute"
    hours, minutes = divmod(minutes, 60)
    days, rest = divmod(hours, 24)
    if days > 1:
        return f"{days} days {rest} h" if rest else f"{days} days"
    if hours:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    return f"{minutes} min"


def counted(amount: int, noun: str) -> str:
    """Return a count with its noun: `1 note`, `3 notes`."""
    return f"{amount} {noun}" if amount == 1 else f"{amount} {noun}s"


def colon(label: str) -> str:
    """Return a label with a colon, unless it ends with a question mark or colon."""
    return label if label.rstrip("\u2069").endswith(("?", ":")) else f"{label}:"
