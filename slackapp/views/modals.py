"""A form as Slack takes it, and the inputs that forms about templates are made of."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from slackapp.blocks import Block, option, plain
from slackapp.views import inputs
from slackapp.views.inputs import Words

_TITLE: Final = 24
_TYPED: Final = 3000
MOST_OPTIONS: Final = 100
"""Slack's limit for a static select."""


def modal(
    title: str, callback_id: str, blocks: Sequence[Block], *, submit: str = "", close: str = "Close", **meta: Any
) -> Block:
    """A view. `meta` comes back with what is done in it: names of things, never trusted."""
    view: Block = {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain(title, _TITLE),
        "close": plain(close, _TITLE),
        "private_metadata": json.dumps(meta),
        "blocks": list(blocks),
    }
    return {**view, "submit": plain(submit, _TITLE)} if submit else view


def ask(key: str, label: str, element: Block, *, hint: str = "", optional: bool = True) -> Block:
    """An input block; what is entered comes back under its key."""
    return inputs.field(key, Words(label=label, hint=hint), element, optional=optional)


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
