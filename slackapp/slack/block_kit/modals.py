"""Modal views with their private metadata, and the inputs that forms about templates are made of."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from slackapp.slack import ids
from slackapp.slack.block_kit import inputs
from slackapp.slack.block_kit.blocks import Block, option, plain, section
from slackapp.slack.block_kit.inputs import InputLabels
from storage.handoffs.model import Source

TITLE: Final = 24
"""Slack's limit for a view's title and buttons."""
METADATA: Final = 3000
"""Slack's limit for a view's private metadata."""
_TYPED: Final = 3000
MOST_OPTIONS: Final = 100
"""Slack's limit for a static select."""


def modal(
    title: str, callback_id: str, blocks: Sequence[Block], *, submit: str = "", close: str = "Close", **meta: Any
) -> Block:
    """A modal view whose private metadata is `meta`, which comes back with every act in it and is never trusted."""
    return view(title, callback_id, json.dumps(meta), list(blocks), submit=submit, close=close)


def metadata(*, handoff_id: str | None = None, source: Source | None = None, **more: Any) -> str:
    """Private metadata: what the submit names and what the form offered, never trusted.

    A source too long for Slack loses its permalink.
    """
    found: dict[str, Any] = {key: value for key, value in more.items() if value}
    if handoff_id:
        found["handoff"] = handoff_id
    if source:
        found["source"] = {
            key: value
            for key in ("channel", "ts", "thread_ts", "permalink", "author")
            if (value := getattr(source, key)) and (key != "permalink" or len(value) < METADATA // 2)
        }
    return json.dumps(found)


def view(
    title: str, callback_id: str, data: str, blocks: list[Block], *, submit: str = "", close: str = "Close"
) -> Block:
    """A modal view; without `submit` it asks nothing."""
    found: Block = {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain(title, TITLE),
        "close": plain(close, TITLE),
        "private_metadata": data,
        "blocks": blocks,
    }
    if submit:
        found["submit"] = plain(submit, TITLE)
    return found


def message_view(title: str, text: str) -> Block:
    """A view that says one thing (mrkdwn) and asks nothing, such as why a form cannot be shown."""
    return view(title, ids.SHOW, metadata(), [section(text)])


def ask(key: str, label: str, element: Block, *, hint: str = "", optional: bool = True) -> Block:
    """An input block; what is entered comes back under its key."""
    return inputs.field(key, InputLabels(label=label, hint=hint), element, optional=optional)


def typed(value: str = "", *, most: int = _TYPED, lines: bool = False, example: str = "") -> Block:
    """Text on one line, or over several."""
    element = {**inputs.line(value, most=most), "multiline": lines}
    return {**element, "placeholder": plain(example, 150)} if example else element


def ticks(choices: Mapping[str, str], values: Sequence[str] = ()) -> Block:
    """Some of a few marks, each with a box."""
    return inputs.several("checkboxes", choices, values)


def some_of(choices: Mapping[str, str], values: Sequence[str] = ()) -> Block:
    """Some of many choices; more than a list holds are searched while typing."""
    if len(choices) <= MOST_OPTIONS:
        return inputs.several("multi_static_select", choices, values)
    chosen = [option(label, key) for key, label in choices.items() if key in values]
    element: Block = {"type": "multi_external_select", "min_query_length": 0}
    return {**element, "initial_options": chosen} if chosen else element


def some_of_groups(groups: Mapping[str, Mapping[str, str]], values: Sequence[str]) -> Block:
    """Some of choices that stand in groups."""
    listed = [
        {"label": plain(label, 75), "options": [option(words, key) for key, words in choices.items()]}
        for label, choices in groups.items()
    ]
    chosen = [option(words, key) for choices in groups.values() for key, words in choices.items() if key in values]
    element: Block = {"type": "multi_static_select", "option_groups": listed}
    return {**element, "initial_options": chosen} if chosen else element
