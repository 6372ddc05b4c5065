"""Interactive elements of blocks, and the state objects that Slack makes of what a person enters."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from slackapp.local.protocol.errors import BadRequestError
from slackapp.local.protocol.ids import random_id
from slackapp.local.protocol.types import Json


@dataclass(frozen=True, kw_only=True)
class StateFormat:
    """Format of an element's state: its key in `state.values`, the key of its initial value, its shape."""

    key: str
    initial: str
    shape: str = "plain"


_TEXT: Final = StateFormat(key="value", initial="initial_value")
_OPTION: Final = StateFormat(key="selected_option", initial="initial_option", shape="option")
_OPTIONS: Final = StateFormat(key="selected_options", initial="initial_options", shape="options")
STATE_FORMATS: Final[dict[str, StateFormat]] = {
    "plain_text_input": _TEXT,
    "email_text_input": _TEXT,
    "url_text_input": _TEXT,
    "number_input": _TEXT,
    "rich_text_input": StateFormat(key="rich_text_value", initial="initial_value", shape="rich_text"),
    "static_select": _OPTION,
    "external_select": _OPTION,
    "radio_buttons": _OPTION,
    "overflow": StateFormat(key="selected_option", initial="-", shape="option"),
    "multi_static_select": _OPTIONS,
    "multi_external_select": _OPTIONS,
    "checkboxes": _OPTIONS,
    "users_select": StateFormat(key="selected_user", initial="initial_user"),
    "multi_users_select": StateFormat(key="selected_users", initial="initial_users", shape="list"),
    "conversations_select": StateFormat(key="selected_conversation", initial="initial_conversation"),
    "multi_conversations_select": StateFormat(
        key="selected_conversations", initial="initial_conversations", shape="list"
    ),
    "channels_select": StateFormat(key="selected_channel", initial="initial_channel"),
    "multi_channels_select": StateFormat(key="selected_channels", initial="initial_channels", shape="list"),
    "datepicker": StateFormat(key="selected_date", initial="initial_date"),
    "timepicker": StateFormat(key="selected_time", initial="initial_time"),
    "datetimepicker": StateFormat(key="selected_date_time", initial="initial_date_time"),
    "file_input": StateFormat(key="files", initial="-", shape="list"),
}
"""docs.slack.dev, reference/block-kit/block-elements and reference/interaction-payloads/view-interactions-payload."""


@dataclass(frozen=True, kw_only=True)
class FoundElement:
    """An interactive element and the block it sits in."""

    block: Json
    element: Json

    @property
    def stateful(self) -> StateFormat | None:
        """Return the format of its state; None for buttons and menus, which keep none."""
        kind = self.element["type"]
        return None if kind == "overflow" else STATE_FORMATS.get(kind)


def interactive_elements(blocks: list[Json]) -> Iterator[FoundElement]:
    """Yield every interactive element in order of appearance."""
    for block in blocks:
        inside = [block.get("element"), block.get("accessory"), *(block.get("elements") or ())]
        for element in inside:
            if isinstance(element, dict) and "action_id" in element:
                yield FoundElement(block=block, element=element)


def find_element(blocks: list[Json], action_id: str, block_id: str | None = None) -> FoundElement | None:
    """Return the element with that action_id (in that block, if one is named)."""
    for found in interactive_elements(blocks):
        if found.element["action_id"] == action_id and block_id in {None, found.block["block_id"]}:
            return found
    return None


def find_redrawn(blocks: list[Json], action_id: str, value: Any) -> FoundElement | None:
    """Return the element with that action_id which holds or offers `value`.

    Slack gives a block without an id another one at every change of its message, and a person who presses at that very
    moment presses what they see: the id they send is the one before.
    """
    for found in interactive_elements(blocks):
        element = found.element
        offered = [element.get("value"), *(one.get("value") for one in element.get("options") or ())]
        if element["action_id"] == action_id and value is not None and value in offered:
            return found
    return None


def with_ids(blocks: list[Json]) -> list[Json]:
    """Return a copy in which every block has a block_id and every interactive element an action_id, as Slack does."""
    named = []
    for original in blocks:
        block = {"block_id": random_id(size=3), **{k: v for k, v in original.items() if v is not None}}
        for part in ("element", "accessory"):
            if isinstance(block.get(part), dict):
                block[part] = _with_action_id(block[part])
        if block.get("type") in {"actions", "context_actions"}:
            block["elements"] = [_with_action_id(element) for element in block["elements"]]
        named.append(block)
    return named


def _with_action_id(element: Json) -> Json:
    passive = element.get("type") in {"image", "workflow_button"}
    return dict(element) if passive else {"action_id": random_id(size=3), **element}


def initial_state(element: Json) -> Json:
    """Return the state object of an element nobody has touched."""
    spelt = STATE_FORMATS[element["type"]]
    empty: Any = [] if spelt.shape in {"options", "list"} else None
    return {"type": element["type"], spelt.key: element.get(spelt.initial, empty)}


def state_of(element: Json, value: Any, offered: Json | None = None) -> Json:
    """Return the state object for `value`, which is one already or a shorthand.

    Shorthands: text; an option's value (or a list of them); an id (or a list of them); text for rich text;
    epoch seconds for a datetimepicker. `offered` holds options an external select was given, by value.
    """
    spelt = STATE_FORMATS[element["type"]]
    if isinstance(value, dict) and "type" in value and value["type"] == element["type"]:
        return _possible(element, value)
    if value is None or value == "":
        empty: Any = [] if spelt.shape in {"options", "list"} else None
        return {"type": element["type"], spelt.key: empty}
    if spelt.shape == "option":
        value = option(element, value, offered)
    elif spelt.shape == "options":
        value = [option(element, one, offered) for one in value]
    elif spelt.shape == "rich_text" and isinstance(value, str):
        section = {"type": "rich_text_section", "elements": [{"type": "text", "text": value}]}
        value = {"type": "rich_text", "elements": [section]}
    elif spelt.key == "value":
        value = str(value)
    return _possible(element, {"type": element["type"], spelt.key: value})


def _possible(element: Json, state: Json) -> Json:
    """Return the state if a person could have come to it with Slack's own controls; raise BadRequestError if not."""
    value = state.get(STATE_FORMATS[element["type"]].key)
    most = element.get("max_selected_items")
    if most and isinstance(value, list) and len(value) > most:
        raise BadRequestError(f"{element['action_id']} takes at most {most}")
    read = _READ.get(element["type"])
    if read and value is not None:
        try:
            read(value)
        except (TypeError, ValueError) as error:
            raise BadRequestError(f"{value!r} is nothing that a {element['type']} gives") from error
    return state


_READ: Final[dict[str, Callable[[Any], object]]] = {
    "datepicker": lambda value: datetime.strptime(value, "%Y-%m-%d"),  # noqa: DTZ007  # a day has no zone
    "timepicker": lambda value: datetime.strptime(value, "%H:%M"),  # noqa: DTZ007  # nor has a time of day
    "datetimepicker": lambda value: datetime.fromtimestamp(value, UTC),
}
"""Reads what a picker gave, to see that it is of its form."""


def option(element: Json, value: Any, offered: Json | None = None) -> Json:
    """Return the option of an element that has that value; raise BadRequestError if there is none."""
    if isinstance(value, dict):
        return value
    groups = element.get("option_groups") or ()
    options = [*(element.get("options") or ()), *(o for group in groups for o in group["options"])]
    options += list((offered or {}).values())
    for one in (*options, *_initial_options(element)):
        if one["value"] == value:
            return {part: one[part] for part in ("text", "value", "description") if part in one}
    raise BadRequestError(f"{element['action_id']} offers no option {value!r}, only {[o['value'] for o in options]}")


def _initial_options(element: Json) -> list[Json]:
    one = element.get("initial_option")
    return [one] if one else list(element.get("initial_options") or ())
