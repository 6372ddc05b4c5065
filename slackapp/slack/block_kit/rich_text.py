"""Conversion of Slack's rich_text blocks: to plain text, from plain text, and to copies that notify nobody.

The structure is that of docs.slack.dev/reference/block-kit/blocks/rich-text-block. Unknown elements are dropped,
because Slack refuses a whole message for one element that it does not accept.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from slackapp.runtime.visible_text import is_blank
from slackapp.slack.block_kit.blocks import units
from slackapp.slack.block_kit.graphemes import cut_at

_STYLES: Final = ("bold", "italic", "strike", "code", "underline")
_QUIET_AT: Final = "@\u200b"
"""An at-sign that no client completes to a mention."""
_PARTS: Final = ("rich_text_section", "rich_text_quote", "rich_text_preformatted")
PIECE: Final = 2500
"""Most characters of text in one of our blocks or elements."""

Rich = dict[str, Any]


def plain_of(rich: Mapping[str, Any] | None, names: Mapping[str, str] | None = None) -> str:
    """Return a rich_text block as plain text, lists with dashes. `names`: people, groups and channels by id."""
    lines: list[str] = []
    for part in _listed(rich, "elements"):
        if part.get("type") == "rich_text_list":
            lines += [f"- {_words(item, names or {})}" for item in _listed(part, "elements")]
        else:
            lines.append(_words(part, names or {}).rstrip("\n"))
    return "\n".join(lines).strip()


def rich_of(plain: str, *, quoted: str = "") -> Rich:
    """Return a rich_text block of `quoted` as a quotation, then `plain`."""
    parts = []
    if not is_blank(quoted):
        parts.append({"type": "rich_text_quote", "elements": [_text(quoted.strip())]})
    if plain or not parts:
        parts.append({"type": "rich_text_section", "elements": [_text(plain or " ")]})
    return {"type": "rich_text", "elements": parts}


def safe_rich(rich: Mapping[str, Any] | None, *, in_view: bool = False) -> Rich:
    """Return a copy of a rich_text block without anything that could notify people or that Slack would refuse.

    `@channel` and its kin become words. Mentions of people and groups become words too, except `in_view`: forms notify
    nobody, and there a mention shows the person's name.
    """
    parts = [safe for part in _listed(rich, "elements") if (safe := _safe_part(part, in_view=in_view))]
    return {"type": "rich_text", "elements": parts} if parts else rich_of("")


def in_pieces(rich: Mapping[str, Any]) -> list[Rich]:
    """Split a safe rich_text block into several with at most `PIECE` characters each; nothing is lost."""
    parts = [small for part in _listed(rich, "elements") for small in _small_parts(part)]
    return [{"type": "rich_text", "elements": group} for group in _groups(parts)]


def _words(part: Mapping[str, Any], names: Mapping[str, str]) -> str:
    return "".join(_word(element, names) for element in _listed(part, "elements"))


def _word(element: Mapping[str, Any], names: Mapping[str, str]) -> str:
    def key(name: str) -> str:
        return str(element.get(name) or "")

    user, group, channel = key("user_id"), key("usergroup_id"), key("channel_id")
    words = {
        "text": key("text"),
        "link": f"{key('text')} ({key('url')})" if key("text") not in ("", key("url")) else key("url"),
        "user": f"@{names.get(user, user)}",
        "usergroup": f"@{names.get(group, group)}",
        "broadcast": f"@{key('range')}",
        "channel": f"#{names.get(channel, channel)}",
        "emoji": f":{key('name')}:",
        "date": key("fallback"),
        "color": key("value"),
    }
    return words.get(str(element.get("type")), "")


def _safe_part(part: Mapping[str, Any], *, in_view: bool) -> Rich | None:
    kind = part.get("type")
    if kind == "rich_text_list":
        items = [safe for item in _listed(part, "elements") if (safe := _safe_part(item, in_view=in_view))]
        kept = {"style": part.get("style") if part.get("style") in ("bullet", "ordered") else "bullet"}
        kept |= {key: part[key] for key in ("indent", "offset", "border") if isinstance(part.get(key), int)}
        return {"type": kind, "elements": items, **kept} if items else None
    if kind not in _PARTS:
        return None
    found = [safe for element in _listed(part, "elements") if (safe := _safe_element(element, in_view=in_view))]
    if kind == "rich_text_preformatted":
        found = [e if e["type"] in ("text", "link") else _text(_word(e, {}) or " ") for e in found]
    kept = {"border": part["border"]} if part.get("border") in (0, 1) and kind != "rich_text_section" else {}
    return {"type": kind, "elements": found, **kept} if found else None


def _safe_element(element: Mapping[str, Any], *, in_view: bool) -> Rich | None:
    kind = element.get("type")
    style = {name: True for name in _STYLES if _styled(element, name)}
    more: Rich = {"style": style} if style else {}
    match kind:
        case "broadcast":
            return {**_text(f"{_QUIET_AT}{element.get('range', 'channel')}"), **more}
        case "user" | "usergroup":
            key = f"{kind}_id" if kind == "usergroup" else "user_id"
            ident = str(element.get(key, ""))
            return {"type": kind, key: ident, **more} if in_view and ident else {**_text(_QUIET_AT + ident), **more}
        case "link" if isinstance(element.get("url"), str) and 0 < units(element["url"]) <= PIECE:
            text = {"text": str(element["text"])} if element.get("text") else {}
            return {"type": "link", "url": element["url"], **text, **more}
        case "channel" if element.get("channel_id"):
            return {"type": "channel", "channel_id": str(element["channel_id"]), **more}
        case "emoji" if element.get("name"):
            return {"type": "emoji", "name": str(element["name"])}
    words = _word(element, {})
    return {**_text(words), **more} if words else None


def _styled(element: Mapping[str, Any], name: str) -> bool:
    style = element.get("style")
    return isinstance(style, Mapping) and style.get(name) is True


def _small_parts(part: Mapping[str, Any]) -> Iterator[Rich]:
    """Yield a part whole, or split if it is too long for one block. A list is split between its items."""
    if _length(part) <= PIECE:
        yield dict(part)
        return
    if part.get("type") == "rich_text_list":
        start = part.get("offset", 0)
        for index, item in enumerate(_listed(part, "elements")):
            offset = {"offset": start + index} if part.get("style") == "ordered" else {}
            for small in _small_parts(item):
                yield {**part, **offset, "elements": [small]}
        return
    elements = [small for element in _listed(part, "elements") for small in _small_elements(element)]
    for group in _groups(elements):
        yield {**part, "elements": group}


def _groups(items: Sequence[Rich]) -> list[list[Rich]]:
    """Group neighbouring items that fit into one piece together."""
    groups: list[list[Rich]] = []
    room = 0
    for item in items:
        size = _length(item)
        if not groups or size > room:
            groups.append([])
            room = PIECE
        groups[-1].append(item)
        room -= size
    return groups


def _small_elements(element: Mapping[str, Any]) -> Iterator[Rich]:
    text = element.get("text")
    if element.get("type") != "text" or not isinstance(text, str):
        yield dict(element)
        return
    start = 0
    while start < len(text):
        end = cut_at(text, min(start + PIECE // 2, len(text)))  # an emoji counts as two where Slack counts UTF-16 units
        yield {**element, "text": text[start:end]}
        start = end


def _length(part: Any) -> int:
    """Return the UTF-16 units of the JSON without escapes, roughly the characters that a part costs in a view."""
    return units(json.dumps(part, ensure_ascii=False)) - 2


def _text(text: str) -> Rich:
    return {"type": "text", "text": text}


def _listed(value: Mapping[str, Any] | None, key: str) -> Sequence[Mapping[str, Any]]:
    found = value.get(key) if isinstance(value, Mapping) else None
    return [item for item in found if isinstance(item, Mapping)] if isinstance(found, list) else []
