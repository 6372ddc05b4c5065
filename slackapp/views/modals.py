"""A form as Slack takes it, and the inputs that forms about templates are made of."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from slackapp import ids
from slackapp.blocks import Block, clip, option, plain

_TITLE: Final = 24
_LABEL: Final = 2000
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
    block: Block = {
        "type": "input",
        "block_id": key,
        "label": plain(label, _LABEL),
        "element": {**element, "action_id": ids.VALUE},
        "optional": optional,
    }
    return {**block, "hint": plain(hint, _LABEL)} if hint else block


def typed(value: str = "", *, most: int = _TYPED, lines: bool = False, example: str = "") -> Block:
    """Text on one line, or over several."""
    element: Block = {"type": "plain_text_input", "max_length": most, "multiline": lines}
    if value:
        element["initial_value"] = clip(value, most)
    return {**element, "placeholder": plain(example, 150)} if example else element


def one_of(choices: Mapping[str, str], value: str | None = None) -> Block:
    """One of some choices, given as labels by key."""
    listed = {key: option(label, key) for key, label in choices.items()}
    element: Block = {"type": "static_select", "options": list(listed.values())}
    return {**element, "initial_option": listed[value]} if value in listed else element


def ticks(choices: Mapping[str, str], values: Sequence[str] = ()) -> Block:
    """Some of a few marks, each with a box."""
    return _several("checkboxes", [option(label, key) for key, label in choices.items()], values)


def some_of(choices: Mapping[str, str], values: Sequence[str] = ()) -> Block:
    """Some of many choices; more than a list holds are searched while typing."""
    listed = [option(label, key) for key, label in choices.items()]
    if len(listed) <= MOST_OPTIONS:
        return _several("multi_static_select", listed, values)
    chosen = [one for one in listed if one["value"] in values]
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


def _several(kind: str, listed: Sequence[Block], values: Sequence[str]) -> Block:
    chosen = [one for one in listed if one["value"] in values]
    element: Block = {"type": kind, "options": list(listed)}
    return {**element, "initial_options": chosen} if chosen else element
