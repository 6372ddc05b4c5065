"""Conversion of policies and calendars to their stored JSON and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import time
from typing import Any, Final

from cattrs.gen import make_dict_unstructure_fn, override

from storage.clocks.model import Calendar, Interval, Level, Policy
from storage.db.json_records import JsonObject, converter

_OUTSIDE: Final = override(omit=True)
"""Stands in a column of its own."""
_IF_SAID: Final = override(omit_if_default=True)
"""Came into the language later: left out where it says nothing, so that an older policy stays the same version."""

_json: Final = converter()


def _pair(interval: Interval) -> list[str | None]:
    return [interval.start.isoformat(), interval.end.isoformat() if interval.end else None]


def _interval(pair: Sequence[str | None], _: type[Interval]) -> Interval:
    start, end = pair
    return Interval(start=time.fromisoformat(start or "00:00"), end=time.fromisoformat(end) if end else None)


_json.register_unstructure_hook(Interval, _pair)
_json.register_structure_hook(Interval, _interval)
_json.register_unstructure_hook(
    Level, make_dict_unstructure_fn(Level, _json, do=_IF_SAID, within_s=_IF_SAID, to=_IF_SAID)
)
_json.register_unstructure_hook(
    Policy,
    make_dict_unstructure_fn(
        Policy, _json, workspace=_OUTSIDE, key=_OUTSIDE, version=_OUTSIDE, rules=_IF_SAID, wake=_IF_SAID
    ),
)
_json.register_unstructure_hook(
    Calendar, make_dict_unstructure_fn(Calendar, _json, workspace=_OUTSIDE, key=_OUTSIDE, categories=_IF_SAID)
)


def policy_to_json(policy: Policy) -> JsonObject:
    """Return a policy's contents without key and version. Equal contents give equal JSON."""
    found: JsonObject = _json.unstructure(policy)
    return found


def policy_from_json(workspace: str, key: str, version: int, content: Mapping[str, Any]) -> Policy:
    """Return a policy from its stored JSON; missing rules, actions and `wake` priorities have their defaults."""
    return _json.structure({**content, "workspace": workspace, "key": key, "version": version}, Policy)


def calendar_to_json(calendar: Calendar) -> JsonObject:
    """Return a calendar's contents without its key."""
    found: JsonObject = _json.unstructure(calendar)
    return found


def calendar_from_json(workspace: str, key: str, content: Mapping[str, Any]) -> Calendar:
    """Return a calendar from its stored JSON; missing special days and categories have their default."""
    return _json.structure({**content, "workspace": workspace, "key": key}, Calendar)
