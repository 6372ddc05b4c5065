"""Short ways to write Block Kit in tests."""

from typing import Any


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": text}


def section(text: str = "Hello", **more: Any) -> dict[str, Any]:
    return {"type": "section", "text": mrkdwn(text), **more}


def message(*blocks: Any, **more: Any) -> dict[str, Any]:
    return {"text": "In words", "blocks": list(blocks), **more}


def modal(*blocks: Any, **more: Any) -> dict[str, Any]:
    return {"type": "modal", "title": plain("Hand off"), "submit": plain("Send"), "blocks": list(blocks), **more}


def home(*blocks: Any, **more: Any) -> dict[str, Any]:
    return {"type": "home", "blocks": list(blocks), **more}


def button(text: str = "Claim", **more: Any) -> dict[str, Any]:
    return {"type": "button", "text": plain(text), "action_id": "handoff.claim", **more}


def actions(*elements: Any, **more: Any) -> dict[str, Any]:
    return {"type": "actions", "elements": list(elements), **more}


def asked(element: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "input", "label": plain("Title"), "element": {"action_id": "value", **element}, **more}


def option(n: int = 1, **more: Any) -> dict[str, Any]:
    return {"text": plain(f"Choice {n}"), "value": f"v{n}", **more}


def select(**more: Any) -> dict[str, Any]:
    return {"type": "static_select", "action_id": "s", "options": [option(1), option(2)], **more}


def rich(*elements: Any) -> dict[str, Any]:
    return {"type": "rich_text", "elements": list(elements)}


def rich_section(*elements: Any) -> dict[str, Any]:
    return {"type": "rich_text_section", "elements": list(elements)}


def confirm(**more: Any) -> dict[str, Any]:
    asks = {"title": plain("Sure?"), "text": plain("It is gone"), "confirm": plain("Yes"), "deny": plain("No")}
    return {**asks, **more}


def in_emoji(value: Any) -> Any:
    """The same payload with an emoji for every two letters: as many UTF-16 units, half as many characters."""
    if isinstance(value, dict):
        return {key: in_emoji(inside) for key, inside in value.items()}
    if isinstance(value, list):
        return [in_emoji(inside) for inside in value]
    if isinstance(value, str) and len(value) > 1 and set(value) == {"x"}:
        return "\U0001f600" * (len(value) // 2) + "x" * (len(value) % 2)
    return value


WORD = {"type": "text", "text": "word"}
NOTE = rich(
    rich_section(WORD, {"type": "text", "text": "bold", "style": {"bold": True, "italic": True}}),
    {"type": "rich_text_list", "style": "bullet", "indent": 1, "elements": [rich_section(WORD), rich_section()]},
    {"type": "rich_text_quote", "elements": [{"type": "link", "url": "https://example.org", "text": "link"}]},
    {"type": "rich_text_preformatted", "elements": [WORD], "border": 0},
    rich_section({"type": "user", "user_id": "U1"}, {"type": "emoji", "name": "wave", "unicode": "1f44b"}),
    rich_section({"type": "date", "timestamp": 1793000000, "format": "{date}", "fallback": "soon"}),
    rich_section({"type": "broadcast", "range": "here"}, {"type": "color", "value": "#ff0000"}),
)
