"""Block Kit in a few functions: text that cannot ping, text that fits, and the blocks a message or view is made of.

Two kinds of text go to Slack. *mrkdwn* is parsed: whatever a person typed passes `escape` (or `said`) first. *plain
text* (labels, buttons, options, titles) is shown as it is and never escaped. Every mrkdwn object is `verbatim`, so that
Slack does not turn a typed `@everyone` or `#channel` into a mention (docs.slack.dev/messaging/formatting-message-text).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

Block = dict[str, Any]

SECTION: Final = 3000
MESSAGE: Final = 12_000
"""Characters of all texts of a message together: a little less than Slack was seen to take (`msg_blocks_too_long`)."""
HEADER: Final = 150
LABEL: Final = 75
_EMPTY: Final = "–"
"""What stands where a text came out empty: Slack refuses empty text objects."""

DATE_AND_TIME: Final = "{date_short_pretty} at {time}"

_CUT_ENTITY: Final = re.compile(r"&(?:a|am|amp|l|lt|g|gt)?\Z")
_CUT_MARKUP: Final = re.compile(r"<[@!#a-z][^<>]*\Z")
_SAFE_URL: Final = re.compile(r"https?://", re.IGNORECASE)
_WORD: Final = 24
"""Characters of the longest word that is left out whole where a text is cut."""
_TURNING: Final = frozenset({"R", "AL", "AN", "RLE", "RLO", "LRE", "LRO", "RLI", "LRI", "FSI", "PDF", "PDI"})


@dataclass(frozen=True, kw_only=True)
class Post:
    """A message: `text` says all of it in a sentence (notifications, screen readers), `blocks` show it."""

    text: str
    blocks: list[Block]


def escape(text: str) -> str:
    """Make typed text safe inside mrkdwn. Slack asks for exactly these three, in this order."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def clip(text: str, most: int) -> str:
    """Shorten to at most `most` characters, ending in "…".

    It ends between words, unless the word is very long, and never inside an entity, a mention or an emoji sequence.
    """
    if len(text) <= most:
        return text
    end = most - 1
    while end > most - 12 and end > 0 and (_joins(text[end]) or text[end - 1] == "\u200d"):
        end -= 1
    head = _whole_words(text[:end]) if not text[end].isspace() else text[:end]
    head = _CUT_ENTITY.sub("", head)
    head = _CUT_MARKUP.sub("", head)
    return head.rstrip() + "…"


def _whole_words(text: str) -> str:
    """A text without the word that it ends in, if that is not too much of it."""
    end = max(text.rfind(" "), text.rfind("\n"))
    return text[:end] if end > len(text) - min(_WORD, len(text) // 2) else text


def fitting(texts: Iterable[str], room: int) -> list[str]:
    """As many of the first texts as have at most `room` characters together."""
    kept = []
    for text in texts:
        room -= len(text) + 1
        if room < 0:
            break
        kept.append(text)
    return kept


def packed(lines: Iterable[str], few: int, room: int) -> list[str]:
    """Lines put together into texts of at most `few` lines and, unless one alone is longer, `room` characters each."""
    texts: list[list[str]] = []
    for line in lines:
        if not texts or len(texts[-1]) == few or sum(map(len, texts[-1])) + len(texts[-1]) + len(line) > room:
            texts.append([])
        texts[-1].append(line)
    return ["\n".join(text) for text in texts]


def said(text: str, most: int = HEADER) -> str:
    """One line that a person typed, for mrkdwn: escaped, clipped, and fenced so that it cannot turn ours around."""
    line = clip(escape(" ".join(text.split())), most)
    turning = not line.isascii() and any(unicodedata.bidirectional(letter) in _TURNING for letter in line)
    return f"\u2068{line}\u2069" if turning else line


def quote(text: str, most: int = 300) -> str:
    """Several lines that a person typed, for mrkdwn: escaped, clipped, shown as a quotation without blank lines."""
    lines = [line.rstrip() for line in clip(escape(text.strip()), most).splitlines() if line.strip()]
    return "\n".join(f"> {line}" for line in lines)


def mention(user: str) -> str:
    """A person or, for an id that begins with S, a user group. In a new message this notifies them."""
    ident = re.sub(r"[^A-Za-z0-9]", "", user)
    if not ident:
        return "somebody"
    return f"<!subteam^{ident}>" if ident.startswith("S") else f"<@{ident}>"


def when(instant: datetime, fmt: str = DATE_AND_TIME) -> str:
    """An instant in the reader's own time zone; clients that cannot, show it in UTC."""
    utc = instant.astimezone(UTC)
    return f"<!date^{int(utc.timestamp())}^{fmt}|{utc:%Y-%m-%d %H:%M} UTC>"


def link(url: str, label: str) -> str:
    """A link for mrkdwn; `label` is ours or already escaped. What is no web address is shown as text, never linked."""
    safe = url.strip().replace("|", "%7C").replace("<", "%3C").replace(">", "%3E").replace("&", "&amp;")
    safe = "%20".join(safe.split())
    if _SAFE_URL.match(safe) and len(safe) + len(label) < SECTION - HEADER:
        return f"<{safe}|{label}>"
    return f"{label}: {said(url, HEADER)}"


def mrkdwn(text: str, most: int = SECTION) -> Block:
    """A mrkdwn text object that auto-links nothing."""
    return {"type": "mrkdwn", "text": clip(text, most) if text.strip() else _EMPTY, "verbatim": True}


def plain(text: str, most: int) -> Block:
    """A plain text object: no markup, no mentions, not escaped."""
    return {"type": "plain_text", "text": clip(text, most) if text.strip() else _EMPTY, "emoji": True}


def section(text: str, *, accessory: Block | None = None, fields: Sequence[str] = ()) -> Block:
    """A paragraph, perhaps with short facts in two columns, perhaps with one control at its side."""
    block: Block = {"type": "section", "text": mrkdwn(text)}
    if fields:
        block["fields"] = [mrkdwn(field, 2000) for field in fields[:10]]
    if accessory:
        block["accessory"] = accessory
    return block


def context(*texts: str) -> Block:
    """Small print: at most ten short texts side by side."""
    return {"type": "context", "elements": [mrkdwn(text) for text in texts if text][:10] or [mrkdwn("")]}


def header(text: str) -> Block:
    """A heading, in plain text."""
    return {"type": "header", "text": plain(text, HEADER)}


def divider() -> Block:
    """A line across."""
    return {"type": "divider"}


def actions(*elements: Block) -> list[Block]:
    """A row of controls, or nothing where there are none (Slack refuses an empty row)."""
    return [{"type": "actions", "elements": list(elements)}] if elements else []


def button(label: str, action_id: str, value: str, *, style: str | None = None, about: str = "") -> Block:
    """A button. `about` follows the label for screen readers, who meet many buttons with the same label."""
    block: Block = {"type": "button", "text": plain(label, LABEL), "action_id": action_id, "value": value}
    if style:
        block["style"] = style
    if about:
        block["accessibility_label"] = clip(f"{label.rstrip('…')} {about}", LABEL)
    return block


def option(label: str, value: str) -> Block:
    """One choice of a select or a menu; `value` is a key and must fit as it is."""
    return {"text": plain(label, LABEL), "value": value}


def overflow(action_id: str, options: Sequence[Block]) -> list[Block]:
    """The menu behind "…" with at most five choices, or nothing where there are none."""
    return [{"type": "overflow", "action_id": action_id, "options": list(options)}] if options else []


def _joins(letter: str) -> bool:
    """Whether a character belongs to the one before it: accents, emoji variations and skin tones, joiners."""
    return (
        bool(unicodedata.combining(letter)) or letter in "\u200d\ufe0e\ufe0f" or "\U0001f3fb" <= letter <= "\U0001f3ff"
    )
