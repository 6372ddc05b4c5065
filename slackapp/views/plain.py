"""Our sentences where Slack formats nothing: under a field, mentions and dates would show as code."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Final

MOST: Final = 300
_MENTION: Final = re.compile(r"<@([A-Z0-9]+)>")
_LABELLED: Final = re.compile(r"<[^|>]+\|([^>]+)>")
_BARE: Final = re.compile(r"<([^>]+)>")


def mentioned(text: str) -> set[str]:
    """The people whom a sentence mentions."""
    return set(_MENTION.findall(text))


def sentence(text: str, names: Mapping[str, str]) -> str:
    """The sentence with people by name, dates in UTC and links as words."""
    text = _MENTION.sub(lambda found: names.get(found[1], "somebody"), text)
    text = _BARE.sub(r"\1", _LABELLED.sub(r"\1", text))
    text = html.unescape(re.sub(r"[*`\u2068\u2069]", "", text))
    return text if len(text) <= MOST else f"{text[: MOST - 1]}…"
