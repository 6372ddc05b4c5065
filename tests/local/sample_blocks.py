"""Blocks and views that several tests use."""

from typing import Any

from tests.local.blockkit.builders import plain
from tests.slack_client import Json


def button(label: str, action_id: str, value: str = "v1:1") -> Json:
    text = plain(label)
    return {"type": "button", "text": text, "action_id": action_id, "value": value}


def option(label: str, value: str) -> Json:
    return {"text": plain(label), "value": value}


def section(text: str, *, verbatim: bool = True) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": verbatim}}


def card(text: str = "*Acme renewal*") -> list[Json]:
    menu = {"type": "overflow", "action_id": "more", "options": [option("Put back", "release"), option("Edit", "edit")]}
    return [section(text), {"type": "actions", "block_id": "acts", "elements": [button("Claim", "claim"), menu]}]


def text_field(key: str, label: str, **element: Any) -> Json:
    inner = {"type": "plain_text_input", "action_id": "value", **element}
    return {"type": "input", "block_id": key, "label": plain(label), "element": inner}


def modal(title: str = "Hand off", blocks: list[Json] | None = None, **extra: Any) -> Json:
    return {
        "type": "modal",
        "callback_id": "form",
        "title": plain(title),
        "submit": plain("Send"),
        "close": plain("Cancel"),
        "blocks": blocks or [text_field("title", "Title"), text_field("note", "Note")],
        **extra,
    }
