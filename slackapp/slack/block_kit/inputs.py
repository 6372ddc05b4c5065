"""Builders of input blocks: a label, one element, perhaps a hint. Values that do not fit are left out.

A field's block_id is its key and its action_id is `value`. Slack keeps what a person typed while both stay the same, so
a field whose content we replace gets another block_id (`title~2`).
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final

from slackapp.slack import ids
from slackapp.slack.block_kit.blocks import Block, clip, option, plain, units
from slackapp.slack.block_kit.rich_text import plain_of, rich_of, safe_rich

STATIC_OPTIONS: Final = 100
"""Slack's limit for a static select; a longer list is searched while typing (external select)."""
TYPED: Final = 3000
_PLACEHOLDER: Final = 150
_RICH_BYTES: Final = 120_000
"""About half of what Slack accepts for a whole view, in bytes."""
_ESCAPED: Final = 12
"""Bytes that one character may need in JSON when clients escape it."""
_HINT: Final = 2000
LABEL: Final = 150
"""Longest label, in characters."""
REPLACED: Final = "~"


@dataclass(frozen=True, kw_only=True)
class InputLabels:
    """Label, hint and placeholder of a field, in plain text."""

    label: str
    hint: str = ""
    placeholder: str = ""


def field(
    key: str, words: InputLabels, element: Block, *, optional: bool = False, again: int = 0, dispatch: bool = False
) -> Block:
    """Return an input block.

    Args:
        key: the field's key.
        words: label, hint and placeholder.
        element: the input element.
        optional: whether Slack accepts it empty.
        again: how often our value has replaced what was typed, so that Slack shows ours.
        dispatch: whether Slack sends each change at once.
    """
    block: Block = {
        "type": "input",
        "block_id": block_id(key, again),
        "label": plain(words.label, _HINT),
        "element": {**element, "action_id": ids.VALUE},
        "optional": optional,
    }
    if words.placeholder:
        block["element"]["placeholder"] = plain(words.placeholder, _PLACEHOLDER)
    if words.hint:
        block["hint"] = plain(words.hint, _HINT)
    if dispatch:
        block["dispatch_action"] = True
    return block


def block_id(key: str, again: int) -> str:
    """Return a field's block_id after our value has replaced the typed one `again` times."""
    return f"{key}{REPLACED}{again + 1}" if again else str(key)


def key_of(block: Block) -> str:
    """Return the key of an input block's field."""
    return str(block["block_id"]).partition(REPLACED)[0]


def focused(block: Block) -> Block:
    """Return an input block that has the focus when its view opens; a view may have one."""
    return {**block, "element": {**block["element"], "focus_on_load": True}}


def line(value: str = "", *, most: int = TYPED) -> Block:
    """Return an input for one line of text, of at most `most` characters."""
    # What Slack took when it was typed has to fit again whole, whether Slack counted characters or UTF-16 units.
    kept = clip(clip(value, most, length=len), TYPED)
    return {"type": "plain_text_input", "max_length": max(most, units(kept)), **_initial("initial_value", kept)}


def address(value: str | None = None) -> Block:
    """Return an input for a web address, which Slack validates."""
    return {"type": "url_text_input", **_initial("initial_value", clip(value or "", TYPED))}


def rich(value: Mapping[str, Any] | None = None) -> Block:
    """Return an input for formatted text. An initial value too large for a view is cut and loses its formatting."""
    if not value:
        return {"type": "rich_text_input"}
    safe = safe_rich(value, in_view=True)
    if len(json.dumps(safe)) > _RICH_BYTES:
        safe = rich_of(clip(plain_of(safe), _RICH_BYTES // _ESCAPED, length=len))
    return {"type": "rich_text_input", "initial_value": safe}


def instant(value: datetime | None = None) -> Block:
    """Return an input for a date and time in the person's time zone."""
    return {"type": "datetimepicker", **({"initial_date_time": int(value.timestamp())} if value else {})}


def person(value: str | None = None) -> Block:
    """Return an input for one person of the workspace."""
    return {"type": "users_select", **_initial("initial_user", value or "")}


def people(values: Sequence[str] = (), *, most: int | None = None) -> Block:
    """Return an input for several people of the workspace."""
    limited: Block = {"max_selected_items": most} if most else {}
    return {"type": "multi_users_select", **limited, **({"initial_users": list(values)} if values else {})}


def channel(value: str | None = None) -> Block:
    """Return an input for one channel, public, or private with the person in it."""
    wanted = {"include": ["public", "private"], "exclude_bot_users": True}
    return {"type": "conversations_select", "filter": wanted, **_initial("initial_conversation", value or "")}


def time_of_day(value: time | None = None) -> Block:
    """Return an input for a time of day."""
    return {"type": "timepicker", **_initial("initial_time", value.isoformat("minutes") if value else "")}


def day(value: date | None = None) -> Block:
    """Return an input for a day."""
    return {"type": "datepicker", **_initial("initial_date", value.isoformat() if value else "")}


def choice(options: Mapping[str, str], value: str | None = None) -> Block:
    """Return a select of a few fixed options, given as labels by key."""
    listed = {key: option(label, key) for key, label in options.items()}
    return _select(list(listed.values()), listed.get(value or ""))


def radio(options: Mapping[str, str], value: Any = None) -> Block:
    """Return radio buttons, given as labels by key."""
    listed = {key: option(label, key) for key, label in options.items()}
    chosen = listed.get(value) if isinstance(value, str) else None
    return {"type": "radio_buttons", "options": list(listed.values()), **({"initial_option": chosen} if chosen else {})}


def several(kind: str, options: Mapping[str, str], values: Collection[Any] = ()) -> Block:
    """Return checkboxes or a multi-select (`kind`) of a few options, given as labels by key."""
    listed = [option(label, key) for key, label in options.items()]
    chosen = [one for one in listed if one["value"] in values]
    return {"type": kind, "options": listed, **({"initial_options": chosen} if chosen else {})}


def search(value: Block | None = None) -> Block:
    """Return a select whose options we provide while the person types."""
    return {"type": "external_select", "min_query_length": 0, **({"initial_option": value} if value else {})}


def pick(options: Sequence[Block], value: str | None, fallback: Block | None) -> Block:
    """Return a select of `options`, or one that is searched by typing where there are more than Slack allows in a list.

    Args:
        options: every option; empty means that they are searched.
        value: the key of the initial option, if any.
        fallback: the option to show for `value` while searching, if `options` does not have it.
    """
    chosen = next((item for item in options if item["value"] == value), None)
    if 0 < len(options) <= STATIC_OPTIONS:
        return _select(options, chosen)
    return search(chosen or fallback)


def _select(options: Sequence[Block], chosen: Block | None) -> Block:
    return {"type": "static_select", "options": list(options), **({"initial_option": chosen} if chosen else {})}


def _initial(key: str, value: str) -> Block:
    return {key: value} if value else {}
