"""Builders of modal views with private metadata, and of the inputs of template editor forms."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from slackapp.slack import ids
from slackapp.slack.block_kit import inputs
from slackapp.slack.block_kit.blocks import Block, actions, button, option, plain, section
from slackapp.slack.block_kit.inputs import InputLabels
from storage.handoffs.model import Source

TITLE: Final = 24
"""Slack's limit for a view's title and buttons."""
METADATA: Final = 3000
"""Slack's limit for a view's private metadata."""
_TYPED: Final = 3000
LOADING: Final = "Loading…"
MOST_OPTIONS: Final = 100
"""Slack's limit for a static select."""


def modal(
    title: str, callback_id: str, blocks: Sequence[Block], *, submit: str = "", close: str = "Close", **meta: Any
) -> Block:
    """Return a modal view with `meta` as its private metadata, which Slack sends back and which is never trusted."""
    return view(title, callback_id, json.dumps(meta), list(blocks), submit=submit, close=close)


def metadata(*, handoff_id: str | None = None, source: Source | None = None, **more: Any) -> str:
    """Return private metadata as JSON: what the submitted form is about. Never trusted when it comes back.

    A source that is too long for Slack loses its permalink.

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
    """Return a modal view; without `submit` it has no submit button."""
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


def with_list(shown: Block, named: object, *, back: bool = False) -> Block:
    """Return a view that remembers the list that it was opened from; `back` adds the button that returns there."""
    if not isinstance(named, str) or not named:
        return shown
    meta = json.dumps({**json.loads(shown.get("private_metadata") or "{}"), ids.LIST: named})
    way = (
        actions(button("Back to the list", ids.ListAction.OPEN, ids.button_value(named), about="of handoffs"))
        if back
        else []
    )
    return {**shown, "private_metadata": meta, "blocks": [*shown["blocks"], *way]}


def loading(title: str) -> Block:
    """Return the view that a person sees until its data has come."""
    return message_view(title, LOADING)


def message_view(title: str, text: str) -> Block:
    """Return a modal view that shows a text (mrkdwn), such as why a form cannot be opened."""
    return view(title, ids.SHOW, metadata(), [section(text)])


def ask(key: str, label: str, element: Block, *, hint: str = "", optional: bool = True) -> Block:
    """Return an input block; its value comes back under `key`."""
    return inputs.field(key, InputLabels(label=label, hint=hint), element, optional=optional)


def typed(value: str = "", *, most: int = _TYPED, lines: bool = False, example: str = "") -> Block:
    """Return a text input of one line or several."""
    element = {**inputs.line(value, most=most), "multiline": lines}
    return {**element, "placeholder": plain(example, 150)} if example else element


def ticks(choices: Mapping[str, str], values: Sequence[str] = ()) -> Block:
    """Return checkboxes."""
    return inputs.several("checkboxes", choices, values)


def some_of(choices: Mapping[str, str], values: Sequence[str] = ()) -> Block:
    """Return a multi-select; it is searched by typing if there are more options than Slack allows in a list."""
    if len(choices) <= MOST_OPTIONS:
        return inputs.several("multi_static_select", choices, values)
    chosen = [option(label, key) for key, label in choices.items() if key in values]
    element: Block = {"type": "multi_external_select", "min_query_length": 0}
    return {**element, "initial_options": chosen} if chosen else element


def some_of_groups(groups: Mapping[str, Mapping[str, str]], values: Sequence[str]) -> Block:
    """Return a multi-select with option groups."""
    listed = [
        {"label": plain(label, 75), "options": [option(words, key) for key, words in choices.items()]}
        for label, choices in groups.items()
    ]
    chosen = [option(words, key) for choices in groups.values() for key, words in choices.items() if key in values]
    element: Block = {"type": "multi_static_select", "option_groups": listed}
    return {**element, "initial_options": chosen} if chosen else element
