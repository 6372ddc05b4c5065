"""Conversion of frozen records to JSON and back, by cattrs; each module that stores JSON adds what is special to it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from cattrs import Converter

JsonObject = dict[str, Any]


def converter() -> Converter:
    """Return a cattrs converter of dataclasses to JSON values and back.

    Tuples become lists, enums their values, dates, times and instants ISO 8601; what a `Mapping[str, Any]` holds is
    JSON already and stays as it is. Reading ignores keys that it does not know and gives missing ones their defaults.
    """
    found = Converter(detailed_validation=False, unstruct_collection_overrides={tuple: list})
    for kind in (date, datetime, time):
        found.register_unstructure_hook(kind, kind.isoformat)
        found.register_structure_hook(kind, lambda text, wanted: wanted.fromisoformat(text))
    found.register_unstructure_hook_func(_is_json, dict)
    found.register_structure_hook_func(_is_json, lambda stored, _: dict(stored))
    found.register_structure_hook_func(_is_texts, lambda stored, _: tuple(stored))
    return found


def _is_json(kind: Any) -> bool:
    return bool(kind == Mapping[str, Any])


def _is_texts(kind: Any) -> bool:
    return bool(kind == tuple[str, ...])
