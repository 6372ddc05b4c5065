"""Block Kit builders: text objects that cannot notify and that fit Slack's limits, and the blocks of messages.

Two kinds of text go to Slack. *mrkdwn* is parsed: typed text must pass `escape` (or `said`) first. *plain text*
(labels, buttons, options, titles) is shown as it is and never escaped. Every mrkdwn object is `verbatim`, so that Slack
does not turn a typed `@everyone` or `#channel` into a mention (docs.slack.dev/messaging/formatting-message-text).
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import quote as quote_url

from slackapp.runtime.visible_text import is_blank
from slackapp.slack.block_kit.graphemes import cut_at

Block = dict[str, Any]

SECTION: Final = 3000
MESSAGE: Final = 12_000
"""Characters of all texts of a message together: a little less than Slack was seen to take (`msg_blocks_too_long`)."""
HEADER: Final = 150
LABEL: Final = 75
_EMPTY: Final = "–"
"""Replaces an empty text: Slack refuses empty text objects."""

DATE_AND_TIME: Final = "{date_short_pretty} at {time}"

_CUT_ENTITY: Final = re.compile(r"&(?:a|am|amp|l|lt|g|gt)?\Z")
_CUT_MARKUP: Final = re.compile(r"<[@!#a-z][^<>]*\Z")
_KEPT_IN_URL: Final = "%:/?#[]@!$&()*+,;=-._~"
"""What an address may hold as it is (RFC 3986, without the single quote); all else in it is percent-encoded."""
_STRAY_PERCENT: Final = re.compile(r"%(?![0-9A-Fa-f]{2})")
_BAR: Final = "\u00a6"
"""Replaces a bar in the label of a link: Slack has no escape for it."""
_SAFE_URL: Final = re.compile(r"https?://", re.IGNORECASE)
_WORD: Final = 24
"""Longest word, in characters, that is removed whole when a text is cut."""
_TURNING: Final = frozenset({"R", "AL", "AN", "RLE", "RLO", "LRE", "LRO", "RLI", "LRI", "FSI", "PDF", "PDI"})


@dataclass(frozen=True, kw_only=True)
class Post:
    """A message: `text` is a full sentence for notifications and screen readers, `blocks` are what is shown."""

    text: str
    blocks: list[Block]
    settled: bool = False
    """Whether nothing in it can become false: it names no owner, state or deadline, or a later message does."""


def escape(text: str) -> str:
    """Escape typed text for mrkdwn: `&`, `<` and `>`, as Slack asks."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def units(text: str) -> int:
    """Return the length in UTF-16 units, of which an emoji has two or more: Slack's limits may be counted in them."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def clip(text: str, most: int, *, length: Callable[[str], int] = units) -> str:
    """Shorten to at most `most` UTF-16 units, or what else `length` counts, ending in "…".

    It ends between words, unless the word is very long, and never inside an entity, a mention or an emoji sequence.
    """
    if length(text) <= most:
        return text
    end = cut_at(text, bisect_right(range(most), most - 1, key=lambda end: length(text[:end])) - 1)
    head = _whole_words(text[:end]) if not text[end].isspace() else text[:end]
    head = _CUT_ENTITY.sub("", head)
    head = _CUT_MARKUP.sub("", head)
    return head.rstrip() + "…"


def _whole_words(text: str) -> str:
    """Return the text without its last, cut word, unless that word is very long."""
    end = max(text.rfind(" "), text.rfind("\n"))
    return text[:end] if end > len(text) - min(_WORD, len(text) // 2) else text


def fitting(texts: Iterable[str], room: int) -> list[str]:
    """Return as many of the first texts as have at most `room` characters together."""
    kept = []
    for text in texts:
        room -= units(text) + 1
        if room < 0:
            break
        kept.append(text)
    return kept


def packed(lines: Iterable[str], few: int, room: int) -> list[str]:
    """Join lines into texts of at most `few` lines and `room` characters each; a longer line is a text by itself."""
    texts: list[list[str]] = []
    for line in lines:
        if not texts or len(texts[-1]) == few or sum(map(units, texts[-1])) + len(texts[-1]) + units(line) > room:
            texts.append([])
        texts[-1].append(line)
    return ["\n".join(text) for text in texts]


def said(text: str, most: int = HEADER) -> str:
    """Return a typed line for mrkdwn: escaped, clipped, and isolated so that it cannot turn the text around it.

    A text without a visible character is empty.
    """
    line = "" if is_blank(text) else clip(escape(" ".join(text.split())), most)
    turning = not line.isascii() and any(unicodedata.bidirectional(letter) in _TURNING for letter in line)
    return f"\u2068{line}\u2069" if turning else line


def quote(text: str, most: int = 300) -> str:
    """Return typed lines for mrkdwn as a quotation: escaped, clipped, without blank lines."""
    lines = [line.rstrip() for line in clip(escape(text.strip()), most).splitlines() if not is_blank(line)]
    return "\n".join(f"> {line}" for line in lines)


def mention(user: str) -> str:
    """Return a mention of a person, or of a user group for an id with S. In a new message this notifies them."""
    ident = re.sub(r"[^A-Za-z0-9]", "", user)
    if not ident:
        return "somebody"
    return f"<!subteam^{ident}>" if ident.startswith("S") else f"<@{ident}>"


def when(instant: datetime, fmt: str = DATE_AND_TIME) -> str:
    """Return a date in the reader's time zone, in UTC on clients that cannot show it."""
    utc = instant.astimezone(UTC)
    return f"<!date^{int(utc.timestamp())}^{fmt}|{utc:%Y-%m-%d %H:%M} UTC>"


def link(url: str, label: str) -> str:
    """Return a mrkdwn link with an escaped `label`, or both as text if `url` is no web address.

    All links are written here: an address in which Slack could see the end of the link is percent-encoded.
    """
    spelt = _STRAY_PERCENT.sub("%25", "%20".join(url.split()))
    safe = quote_url(spelt, safe=_KEPT_IN_URL, errors="replace").replace("&", "&amp;")
    if _SAFE_URL.match(safe) and len(safe) + units(label) < SECTION - HEADER:
        return f"<{safe}|{' '.join(label.split()).replace('|', _BAR)}>"
    return f"{label}: {said(url, HEADER)}"


def mrkdwn(text: str, most: int = SECTION) -> Block:
    """Return a mrkdwn text object without automatic links."""
    return {"type": "mrkdwn", "text": _EMPTY if is_blank(text) else clip(text, most), "verbatim": True}


def plain(text: str, most: int) -> Block:
    """Return a plain text object: no markup, no mentions, not escaped."""
    return {"type": "plain_text", "text": _EMPTY if is_blank(text) else clip(text, most), "emoji": True}


def section(text: str, *, accessory: Block | None = None, fields: Sequence[str] = ()) -> Block:
    """Return a section block, with optional two-column fields and one element at its side."""
    block: Block = {"type": "section", "text": mrkdwn(text)}
    if fields:
        block["fields"] = [mrkdwn(field, 2000) for field in fields[:10]]
    if accessory:
        block["accessory"] = accessory
    return block


def context(*texts: str) -> Block:
    """Return a context block of at most ten short texts."""
    return {"type": "context", "elements": [mrkdwn(text) for text in texts if text][:10] or [mrkdwn("")]}


def header(text: str) -> Block:
    """Return a header block, in plain text."""
    return {"type": "header", "text": plain(text, HEADER)}


def divider() -> Block:
    """Return a divider block."""
    return {"type": "divider"}


def actions(*elements: Block) -> list[Block]:
    """Return an actions block in a list, or an empty list without elements, because Slack refuses an empty block."""
    return [{"type": "actions", "elements": list(elements)}] if elements else []


def button(label: str, action_id: str, value: str, *, style: str | None = None, about: str = "") -> Block:
    """Return a button. `about` follows the label for screen readers, to tell apart buttons with the same label."""
    block: Block = {"type": "button", "text": plain(label, LABEL), "action_id": action_id, "value": value}
    if style:
        block["style"] = style
    if about:
        block["accessibility_label"] = clip(f"{label.rstrip('…')} {about}", LABEL)
    return block


def option(label: str, value: str) -> Block:
    """Return an option of a select or menu; `value` is a key and is not clipped."""
    return {"text": plain(label, LABEL), "value": value}


def overflow(action_id: str, options: Sequence[Block]) -> list[Block]:
    """Return an overflow menu ("…") with at most five options in a list, or an empty list without options."""
    return [{"type": "overflow", "action_id": action_id, "options": list(options)}] if options else []
