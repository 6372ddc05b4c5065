"""Checks of every message and view, whatever people typed."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from slackapp.local.blockkit.problem import Surface
from slackapp.local.blockkit.surfaces import problems
from slackapp.slack import ids
from slackapp.slack.block_kit.blocks import Post

_OURS = re.compile(r"<!date\^\d+\^[^|<>]*\|[^<>]*>")
_EVE = re.compile(r"<@U0EVE|<!subteam|<!(?!date\^)|\"broadcast\"")


def sound_message(post: Post | None) -> Post:
    """Check a message and return it."""
    assert post is not None
    assert post.text.strip()
    assert "None" not in post.text
    payload = {"text": post.text, "blocks": post.blocks}
    _sound(payload, "message")
    return post


MOST_INPUTS = 6
"""Inputs of a form's page, so that it can be answered in under a minute."""


def sound_view(view: Mapping[str, Any]) -> Mapping[str, Any]:
    """Check a modal, which asks at most six things, and return it."""
    _sound(view, "modal")
    assert sum(block["type"] == "input" for block in view["blocks"]) <= MOST_INPUTS
    return view


def elements(blocks: Any) -> Iterator[Mapping[str, Any]]:
    """Yield every interactive element, and every option of it."""
    for block in blocks:
        for element in [*block.get("elements", []), block.get("accessory", {})]:
            if element.get("action_id"):
                yield element


def offered(blocks: Any) -> set[str]:
    """The action ids of the controls, buttons and menus alike, such as `handoff.claim`."""
    found = set()
    for element in elements(blocks):
        found |= {element["action_id"]} if element["type"] == "button" else set(chosen(element))
    return found


def chosen(menu: Mapping[str, Any]) -> list[str]:
    """The action ids behind a menu's options."""
    targets = [ids.target(option["value"]) for option in menu["options"]]
    return [target.action or "" for target in targets if target]


def words_of(value: Any) -> str:
    """Every text in a payload, one to a line."""
    if isinstance(value, list):
        return "\n".join(map(words_of, value))
    if isinstance(value, dict):
        return "\n".join(words_of(item) for key, item in value.items() if key not in {"type", "action_id", "value"})
    return value if isinstance(value, str) else ""


def _sound(payload: Mapping[str, Any], surface: Surface) -> None:
    assert problems(payload, surface) == []
    _cannot_ping(payload)
    _can_be_answered(payload)


def _cannot_ping(payload: Mapping[str, Any]) -> None:
    for text in _unescaped(payload):
        assert not _EVE.search(_OURS.sub("", text)), text
    assert '"broadcast"' not in json.dumps(payload)


def _unescaped(value: Any) -> Iterator[str]:
    """Yield each text that Slack parses: mrkdwn objects and the message's own text, not plain text or rich text."""
    if isinstance(value, list):
        for item in value:
            yield from _unescaped(item)
    if not isinstance(value, dict):
        return
    if value.get("type") == "mrkdwn":
        assert value["verbatim"] is True
        yield value["text"]
    if "blocks" in value and isinstance(value.get("text"), str):
        yield value["text"]
    for item in value.values():
        yield from _unescaped(item)


def _can_be_answered(payload: Mapping[str, Any]) -> None:
    for element in elements(payload["blocks"]):
        action = element["action_id"]
        ours = (
            *ids.FORM_BUTTONS,
            *ids.TemplateAction,
            *ids.SetupAction,
            *ids.BulkAction,
            *ids.WatchAction,
            *ids.ListAction,
        )
        assert action in {ids.SHOW, ids.MORE, *ours} or ids.verb_of(action), action
        values = [option["value"] for option in element.get("options", [])] or [element["value"]]
        assert all(ids.target(value) for value in values)
        assert element["type"] != "button" or element["accessibility_label"]
