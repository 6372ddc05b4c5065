"""Northwind's file with something changed: other times, other hours, other people."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, TypeAlias

import yaml

COMPANY: Final = Path(__file__).parent / "company.yml"

Json: TypeAlias = dict[str, Any]
Change: TypeAlias = Callable[[Json], None]


def write(file: Path, *changes: Change) -> Path:
    """Write the stories' company with these changes."""
    read = yaml.safe_load(COMPANY.read_text(encoding="utf-8"))
    for change in changes:
        change(read)
    file.write_text(yaml.safe_dump(read), encoding="utf-8")
    return file


def policy(targets: Mapping[str, str], *levels: Json, **more: Any) -> Change:
    """Every team's policy: one target per clock whatever the priority, and these levels and no others."""

    def change(read: Json) -> None:
        wanted = {clock: {"normal": target} for clock, target in targets.items()}
        read["policies"][0] |= {"targets": wanted, "levels": list(levels), **more}

    return change


def calendar(key: str, timezone: str, hours: Mapping[str, list[str]]) -> Change:
    """A calendar; one of this name that there is already is replaced."""

    def change(read: Json) -> None:
        others = [one for one in read["calendars"] if one["key"] != key]
        read["calendars"] = [*others, {"key": key, "timezone": timezone, "hours": dict(hours)}]

    return change


def person(user: str, **says: str) -> Change:
    """What the file says of a person besides their manager."""

    def change(read: Json) -> None:
        read["people"].setdefault(user, {}).update(says)

    return change


def nobodys_hours(read: Json) -> None:
    """The teams go by the clock on the wall, so that no hours of theirs hold anything back."""
    for queue in read["queues"]:
        queue.pop("calendar", None)


def offering(**templates: list[str]) -> Change:
    """The forms that teams offer, by the team's key."""

    def change(read: Json) -> None:
        for queue in read["queues"]:
            queue["templates"] = templates.get(queue["key"], [])

    return change
