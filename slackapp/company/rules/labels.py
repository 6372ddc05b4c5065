"""Names for people of what has only a key: calendars and policies."""

from __future__ import annotations


def name_of_key(key: str) -> str:
    """A calendar's or policy's key as its name: `office-hours` is “Office hours”. For plain text."""
    words = " ".join(key.replace("_", " ").replace("-", " ").split())
    return f"{words[:1].upper()}{words[1:]}"
