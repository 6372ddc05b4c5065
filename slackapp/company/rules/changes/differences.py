"""The differences between two companies, as sentences that people read before they apply a file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from slackapp.company.model import ADMINS, EMOJI, HOURS, SLACK_ADMINS, Company
from slackapp.company.rules.write import objects
from storage.clocks.model import Policy
from storage.company.model import Claimers, ObjectKind, ObjectRef
from storage.handoffs.lifecycle import ReadBackMode
from storage.templates.model import NoteMode

KINDS: Final[Mapping[ObjectKind, str]] = {
    ObjectKind.CALENDAR: "Calendar",
    ObjectKind.POLICY: "Policy",
    ObjectKind.QUEUE: "Queue",
    ObjectKind.WEBHOOK: "Webhook",
    ObjectKind.TEMPLATE: "Template",
}
_ORDER: Final[tuple[ObjectKind | ObjectRef, ...]] = (*KINDS, HOURS, ObjectKind.PERSON, ADMINS, SLACK_ADMINS, EMOJI)
"""The order of the sentences."""
WordsOfLists = Callable[[str, list[Any], list[Any]], Iterable[str]]
"""Words the change of a list of single values: its key, before, after."""
_LONGEST: Final = 200
NONE: Final = {"manager": "nobody", "calendar": "none of their own"}
"""The words for what the configuration does not say of a person."""
_ORDERED: Final = frozenset({"options", "reasons"})
"""Mappings whose order people see."""
_DEFAULT_WORDS: Final = {
    "wake": [priority.value for priority in Policy.wake],
    "digest": "yes",
    "claim_by_reply": "no",
    "claimers": Claimers.MEMBERS.value,
    "note": NoteMode.OPTIONAL.value,
    "read_back": ReadBackMode.OFF.value,
    "private": "no",
    "required": "no",
    "waives": "no",
    "weight": "1",
}
"""The meaning of keys that are not written."""


def differences(before: Company, after: Company) -> tuple[str, ...]:
    """Every change from one company to the other, also of who owns what both have; empty if they are equal."""
    was, becomes = objects(before), objects(after)
    order = sorted(dict.fromkeys([*becomes, *was]), key=_rank)
    changed = (line for ref in order for line in object_differences(ref, was.get(ref), becomes.get(ref)))
    kept = [ref for ref in order if ref in was and ref in becomes]
    return (*changed, *_owners(kept, before, after))


def _rank(ref: ObjectRef) -> int:
    return _ORDER.index(ref) if ref in _ORDER else _ORDER.index(ref.kind)


def object_differences(ref: ObjectRef, before: Any, after: Any) -> Iterator[str]:
    """The changes of one object, given as the file writes it; None where there is none."""
    if ref == HOURS:
        yield from _calendar(before, after)
    elif ref == ADMINS:
        yield from _admins(before or [], after or [])
    elif ref == SLACK_ADMINS:
        if before != after:
            yield f"Workspace admins and owners {'are no longer' if after else 'become'} admins of Baton."
    elif ref == EMOJI:
        if before != after:
            yield f"The emoji that begins a handoff: {before or 'none'} → {after or 'none'}."
    elif ref.kind is ObjectKind.PERSON:
        yield from _person(ref.key, before or {}, after or {})
    elif before is None:
        yield f"{title(ref)} is added."
    elif after is None:
        yield f"{title(ref)} is removed."
    else:
        yield from (f"{title(ref)}: {line}." for line in value_changes(before, after))


def title(ref: ObjectRef) -> str:
    """An object as the sentences call it: `Queue "success"`."""
    if ref == HOURS:
        return "The workspace's calendar"
    if ref == ADMINS:
        return "The list of admins"
    if ref == SLACK_ADMINS:
        return "slack_admins"
    if ref == EMOJI:
        return "The emoji that begins a handoff"
    return f'{KINDS[ref.kind]} "{ref.key}"' if ref.kind in KINDS else ref.key


def _owners(refs: list[ObjectRef], before: Company, after: Company) -> Iterator[str]:
    for ref in refs:
        if (ref in before.in_slack) != (ref in after.in_slack):
            yield f"{title(ref)} belongs to {'Slack' if ref in after.in_slack else 'the file'} from now on."


def value_changes(
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    lists: WordsOfLists | None = None,
) -> Iterator[str]:
    """The changes of the values of one mapping; `lists` words the change of a list of single values in another way."""
    for name in dict.fromkeys([*before, *after]):
        old, new = (values.get(name, _DEFAULT_WORDS.get(name)) for values in (before, after))
        if old == new:
            if name in _ORDERED and isinstance(new, dict) and list(old) != list(new):
                yield f"{name} come in the order {', '.join(new)}"
            continue
        if isinstance(old, dict) and isinstance(new, dict):
            yield from (f"{name} {line}" for line in value_changes(old, new, lists))
        elif _holds_mappings(old) and _holds_mappings(new):
            was, becomes = _named(old or []), _named(new or [])
            yield from (f"{name} {line}" for line in value_changes(was, becomes, lists))
            if list(was) != list(becomes) and set(was) == set(becomes):
                yield f"{name} come in the order {', '.join(becomes)}"
        elif lists is not None and (isinstance(old, list) or isinstance(new, list)):
            yield from lists(name, old or [], new or [])
        else:
            yield f"{name} {shown(old)} → {shown(new)}"


def _holds_mappings(items: Any) -> bool:
    """Whether this is a list of mappings, such as levels or rules."""
    return items is None or (isinstance(items, list) and bool(items) and isinstance(items[0], dict))


def _named(items: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The items by their key; those without one (rules) by their position, counted from 1."""
    return {item.get("key", str(n)): item for n, item in enumerate(items, start=1)}


def shown(value: Any) -> str:
    """A value as it would be written in the file, on one line."""
    match value:
        case None:
            return "nothing"
        case dict():
            text = f"{{{', '.join(f'{name}: {shown(part)}' for name, part in value.items())}}}"
        case list():
            text = f"[{', '.join(map(shown, value))}]"
        case _:
            text = str(value)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _calendar(before: str | None, after: str | None) -> Iterator[str]:
    if before != after:
        yield f"The workspace's calendar: {before or 'around the clock'} → {after or 'around the clock'}."


def _person(person: str, before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[str]:
    for what, none in NONE.items():
        old, new = before.get(what), after.get(what)
        if old != new:
            yield f"{person}'s {what}: {old or none} → {new or none}."


def _admins(before: list[str], after: list[str]) -> Iterator[str]:
    yield from (f"{person} becomes an admin." for person in after if person not in before)
    yield from (f"{person} is no longer an admin." for person in before if person not in after)
