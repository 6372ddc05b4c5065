"""The differences between two companies, as sentences that people read before they apply a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from slackapp.company.model import Company
from slackapp.company.rules.write import plain
from storage.clocks.model import Policy
from storage.handoffs.lifecycle import ReadBackMode
from storage.templates.model import NoteMode

_KINDS: Final = {
    "calendars": "Calendar",
    "policies": "Policy",
    "queues": "Queue",
    "webhooks": "Webhook",
    "templates": "Template",
}
_LONGEST: Final = 200
_NONE: Final = {"manager": "nobody", "calendar": "none of their own"}
_ORDERED: Final = frozenset({"options", "reasons"})
"""Mappings whose order people see."""
_DEFAULT_WORDS: Final = {
    "wake": [priority.value for priority in Policy.wake],
    "digest": "yes",
    "note": NoteMode.OPTIONAL.value,
    "read_back": ReadBackMode.OFF.value,
    "private": "no",
    "required": "no",
    "waives": "no",
    "weight": "1",
}
"""The meaning of keys that are not written."""


def differences(before: Company, after: Company) -> tuple[str, ...]:
    """Every change from one company to the other; empty if they are equal."""
    was, becomes = plain(before), plain(after)
    return (
        *(line for kind, name in _KINDS.items() for line in _objects(name, was[kind], becomes[kind])),
        *_calendar(before.workspace_calendar, after.workspace_calendar),
        *_people("manager", before.managers, after.managers),
        *_people("calendar", before.calendars_of, after.calendars_of),
        *_admins(before.admins, after.admins),
    )


def _objects(name: str, before: list[dict[str, Any]], after: list[dict[str, Any]]) -> Iterator[str]:
    was = {item["key"]: item for item in before}
    becomes = {item["key"]: item for item in after}
    for key, item in becomes.items():
        if key not in was:
            yield f'{name} "{key}" is added.'
        else:
            yield from (f'{name} "{key}": {line}.' for line in _values(was[key], item))
    yield from (f'{name} "{key}" is removed.' for key in was if key not in becomes)


def _values(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    for name in dict.fromkeys([*before, *after]):
        old, new = (values.get(name, _DEFAULT_WORDS.get(name)) for values in (before, after))
        if old == new:
            if name in _ORDERED and isinstance(new, dict) and list(old) != list(new):
                yield f"{name} come in the order {', '.join(new)}"
            continue
        if isinstance(old, dict) and isinstance(new, dict):
            yield from (f"{name} {line}" for line in _values(old, new))
        elif _holds_mappings(old) and _holds_mappings(new):
            was, becomes = _named(old or []), _named(new or [])
            yield from (f"{name} {line}" for line in _values(was, becomes))
            if list(was) != list(becomes) and set(was) == set(becomes):
                yield f"{name} come in the order {', '.join(becomes)}"
        else:
            yield f"{name} {_shown(old)} → {_shown(new)}"


def _holds_mappings(items: Any) -> bool:
    """Whether this is a list of mappings, such as levels or rules."""
    return items is None or (isinstance(items, list) and bool(items) and isinstance(items[0], dict))


def _named(items: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The items by their key; those without one (rules) by their position, counted from 1."""
    return {item.get("key", str(n)): item for n, item in enumerate(items, start=1)}


def _shown(value: Any) -> str:
    """A value as it would be written in the file, on one line."""
    match value:
        case None:
            return "nothing"
        case dict():
            text = f"{{{', '.join(f'{name}: {_shown(part)}' for name, part in value.items())}}}"
        case list():
            text = f"[{', '.join(map(_shown, value))}]"
        case _:
            text = str(value)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _calendar(before: str | None, after: str | None) -> Iterator[str]:
    if before != after:
        yield f"The workspace's calendar: {before or 'around the clock'} → {after or 'around the clock'}."


def _people(what: str, before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[str]:
    none = _NONE[what]
    for person in sorted({*before, *after}):
        old, new = before.get(person), after.get(person)
        if old != new:
            yield f"{person}'s {what}: {old or none} → {new or none}."


def _admins(before: tuple[str, ...], after: tuple[str, ...]) -> Iterator[str]:
    yield from (f"{person} becomes an admin." for person in after if person not in before)
    yield from (f"{person} is no longer an admin." for person in before if person not in after)
