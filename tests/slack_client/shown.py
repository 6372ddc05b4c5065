"""What is shown in blocks: texts, buttons, menus and fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]


def elements(blocks: list[Json]) -> Iterator[Json]:
    """Yield what can be pressed or filled in, each with its `block_id`."""
    for block in blocks:
        for element in [block.get("element"), block.get("accessory"), *(block.get("elements") or ())]:
            if isinstance(element, dict) and "action_id" in element:
                yield {**element, "block_id": block["block_id"]}


def buttons(blocks: list[Json]) -> dict[str, Json]:
    """Return the buttons by label."""
    return {element["text"]["text"]: element for element in elements(blocks) if element["type"] == "button"}


def menu(blocks: list[Json]) -> dict[str, Json]:
    """Return the options of overflow menus by label, each as its menu with the value `chosen`."""
    menus = [element for element in elements(blocks) if element["type"] == "overflow"]
    return {o["text"]["text"]: {**menu, "chosen": o["value"]} for menu in menus for o in menu["options"]}


def named(known: Mapping[str, Json], name: str) -> Json:
    """Return what has this name; fail with the names there are."""
    if name not in known:
        raise AssertionError(f"there is no {name!r}, only {sorted(known)}")
    return known[name]


def all_text(message: Json) -> str:
    """Return every text of a message, one per line."""
    return "\n".join([message["text"], *texts(message["blocks"])])


def texts(part: Any) -> Iterator[str]:
    """Yield every text, in the order shown."""
    if isinstance(part, list):
        for one in part:
            yield from texts(one)
    elif isinstance(part, dict):
        if isinstance(part.get("text"), str):
            yield part["text"]
        for key, value in part.items():
            if key not in {"value", "private_metadata"} and not isinstance(value, str):
                yield from texts(value)
