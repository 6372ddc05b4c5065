"""One object within a configuration as the file writes it: put in its place, taken out, named."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slackapp.company.model import LISTS, Company
from slackapp.yaml_files.problems import Place
from storage.company.model import ObjectKind, ObjectRef


def with_object(whole: dict[str, Any], ref: ObjectRef, written: Any) -> dict[str, Any]:
    """A whole configuration with this value of an object; without the object if it is None."""
    match ref.kind:
        case ObjectKind.SETTING:
            return {**whole, ref.key: written}
        case ObjectKind.PERSON:
            others = {person: entry for person, entry in whole["people"].items() if person != ref.key}
            return {**whole, "people": others | ({ref.key: written} if written else {})}
        case _:
            name = LISTS[ref.kind]
            new = [] if written is None else [{"key": ref.key, **written}]
            at = next((n for n, one in enumerate(whole[name]) if one["key"] == ref.key), len(whole[name]))
            return {**whole, name: [*whole[name][:at], *new, *whole[name][at + 1 :]]}


def only_object(whole: Mapping[str, Any], ref: ObjectRef) -> dict[str, Any]:
    """The part of a configuration that holds one object."""
    match ref.kind:
        case ObjectKind.SETTING:
            return {ref.key: whole[ref.key]}
        case ObjectKind.PERSON:
            return {"people": {person: entry for person, entry in whole["people"].items() if person == ref.key}}
        case _:
            return {LISTS[ref.kind]: [one for one in whole[LISTS[ref.kind]] if one["key"] == ref.key]}


def place_of_object(ref: ObjectRef) -> Place:
    """The place of an object in a configuration, by its key."""
    match ref.kind:
        case ObjectKind.SETTING:
            return (ref.key,)
        case ObjectKind.PERSON:
            return ("people", ref.key)
        case _:
            return (LISTS[ref.kind], ref.key)


def called(company: Company, place: Place) -> str:
    """The object at a place in words for people: a team by its name, a person by their id."""
    match place:
        case ("queues", str(key), *_):
            queue = company.queue(key)
            return queue.name if queue else key
        case (_, str(key), *_):
            return key
        case _:
            return "The workspace"
