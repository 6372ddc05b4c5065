"""Text that a person types, as Slack stores it: escaped with mentions and links, and as a rich text block.

A mention is typed here as `<@U..>` or `<#C..>`, a link as `<https://..|words>`: what Slack's own input makes of them.
"""

import re
from typing import Final

from slackapp.local.protocol.ids import random_id
from slackapp.local.protocol.types import Json

_TOKEN: Final = re.compile(
    r"<(?:@(?P<user>[UW][A-Z0-9]+)|#(?P<channel>[CG][A-Z0-9]+)|(?P<url>https?://[^<>|\s]+))(?:\|(?P<words>[^<>]*))?>"
)


def escape(text: str) -> str:
    """Escape the three characters Slack escapes."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def escape_typed(text: str) -> str:
    """Escape what a person typed as Slack does, keeping mentions of people and channels and links."""
    parts: list[str] = []
    end = 0
    for match in _TOKEN.finditer(text):
        parts += [escape(text[end : match.start()]), match.group()]
        end = match.end()
    return "".join([*parts, escape(text[end:])])


def rich_text_block(text: str) -> Json:
    """Return the rich text block Slack makes of what a person typed."""
    elements: list[Json] = []
    end = 0
    for match in _TOKEN.finditer(text):
        elements += [*_words(text[end : match.start()]), _element(match)]
        end = match.end()
    section = {"type": "rich_text_section", "elements": [*elements, *_words(text[end:])]}
    return {"type": "rich_text", "block_id": random_id(size=3), "elements": [section]}


def _words(text: str) -> list[Json]:
    return [{"type": "text", "text": text}] if text else []


def _element(match: re.Match[str]) -> Json:
    if match["user"]:
        return {"type": "user", "user_id": match["user"]}
    if match["channel"]:
        return {"type": "channel", "channel_id": match["channel"]}
    link = {"type": "link", "url": match["url"]}
    return link | {"text": match["words"]} if match["words"] else link
