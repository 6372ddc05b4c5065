"""A change of the configuration in the words of its history: with names, and lists by what was added and removed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from slackapp.company.model import ADMINS, EMOJI, HOURS, SLACK_ADMINS
from slackapp.company.rules.changes.differences import NONE, shown, value_changes
from slackapp.company.rules.labels import name_of_key
from storage.company.model import ObjectKind, ObjectOwner, ObjectRef

_KINDS: Final[Mapping[ObjectKind, str]] = {
    ObjectKind.CALENDAR: "Hours",
    ObjectKind.POLICY: "Deadlines",
    ObjectKind.WEBHOOK: "Webhook",
}
_WORDS: Final[Mapping[str, str]] = {
    "calendar": "hours",
    "policy": "deadlines",
    "claimers": "who may claim",
    "claim_by_reply": "claim by first reply",
    "digest": "morning summary",
}
"""Keys of the file that people know by other words."""
_NAMED_BY_KEY: Final = ("calendar", "policy")
_SETTINGS: Final[Mapping[ObjectRef, str]] = {
    HOURS: "Hours of teams without their own",
    ADMINS: "Admins",
    SLACK_ADMINS: "Workspace admins",
    EMOJI: "Emoji that begins a handoff",
}
_LEVELS: Final = "levels"
_NOTHING: Final[Mapping[ObjectRef, str]] = {HOURS: "around the clock", EMOJI: "none"}


def change_sentences(ref: ObjectRef, before: Any, after: Any, names: Mapping[str, str]) -> Iterator[str]:
    """The changes of one object, such as `Support: manager Maria added`.

    The object is given as the file writes it, None where there is none.
    `names` has the names of people, user groups and channels by their ids.
    """
    called = "" if ref == SLACK_ADMINS else _called(ref, after or before, names)
    old, new = _with_names(before, names), _with_names(after, names)
    if ref == HOURS:
        old, new = (name_of_key(key) if key else None for key in (before, after))
    if ref == SLACK_ADMINS:
        yield f"Workspace admins and owners {'are no longer' if after else 'become'} admins of Baton"
    elif ref.kind is ObjectKind.SETTING:
        yield from _setting(called, ref, old, new)
    elif ref.kind is ObjectKind.PERSON:
        was, becomes = NONE | (old or {}), NONE | (new or {})
        yield from (f"{called}: {_worded(line)}" for line in value_changes(was, becomes))
    elif before is None or after is None:
        yield f"{called} {'added' if before is None else 'removed'}"
    else:
        was, becomes = ({name: part for name, part in value.items() if name != _LEVELS} for value in (old, new))
        lines = [*map(_worded, value_changes(was, becomes, _list)), *_levels(old.get(_LEVELS), new.get(_LEVELS))]
        yield from (f"{called}: {line}" for line in lines)


def owner_sentence(ref: ObjectRef, value: Any, owner: ObjectOwner, names: Mapping[str, str]) -> str:
    """The sentence for an object that was only handed to another owner."""
    return (
        f"{_called(ref, value, names)}: belongs to {'Slack' if owner is ObjectOwner.SLACK else 'the file'} from now on"
    )


def _called(ref: ObjectRef, value: Any, names: Mapping[str, str]) -> str:
    match ref.kind:
        case ObjectKind.QUEUE | ObjectKind.TEMPLATE:
            return str(value["name"]) if value else ref.key
        case ObjectKind.PERSON:
            return names.get(ref.key, ref.key)
        case ObjectKind.SETTING:
            return _SETTINGS[ref]
        case _:
            shown_as = ref.key if ref.kind is ObjectKind.WEBHOOK else name_of_key(ref.key)
            return f"{_KINDS[ref.kind]} {shown_as}"


def _worded(line: str) -> str:
    """A line about a value of an object, in people's words."""
    name, _, rest = line.partition(" ")
    return f"{_WORDS.get(name, name)} {rest}".replace("_", " ")


def _levels(old: Any, new: Any) -> Iterator[str]:
    """The levels of a policy that were added, changed or removed."""
    was, becomes = ({level["key"]: _level(level) for level in levels or ()} for levels in (old, new))
    for key in dict.fromkeys([*was, *becomes]):
        if key not in was:
            yield f"level added: {becomes[key]}"
        elif key not in becomes:
            yield f"level removed: {was[key]}"
        elif was[key] != becomes[key]:
            yield f"level changed: {was[key]} → {becomes[key]}"
    if was.keys() == becomes.keys() and list(was) != list(becomes):
        yield "levels come in another order"


def _level(level: Mapping[str, Any]) -> str:
    """A level in words: `claim 50%, notifies channel and managers, repeated 2x 30m`."""
    parts = [f"{level['clock']} {level['at']}".replace("_", " ")]
    if level.get("tell"):
        parts.append(f"notifies {' and '.join(level['tell'])}")
    does = [str(level[name]) for name in ("do", "to", "within") if level.get(name)]
    parts += [" ".join(does)] if does else []
    if repeat := level.get("repeat"):
        parts.append(f"repeated {repeat['times']}x {repeat['every']}")
    return ", ".join(parts)


def _setting(called: str, ref: ObjectRef, old: Any, new: Any) -> Iterator[str]:
    if isinstance(old, list) or isinstance(new, list):
        yield from (f"{called}:{line}" for line in _list("", old or [], new or []))
    else:
        none = _NOTHING.get(ref, "nothing")
        yield f"{called}: {shown(old or none)} → {shown(new or none)}"


def _list(name: str, old: list[Any], new: list[Any]) -> Iterator[str]:
    """What was added to a list and removed from it; its order if only that has changed."""
    one = name.removesuffix("s")
    yield from (f"{one} {shown(item)} added" for item in new if item not in old)
    yield from (f"{one} {shown(item)} removed" for item in old if item not in new)
    if old != new and sorted(map(str, old)) == sorted(map(str, new)):
        yield f"{name} come in the order {', '.join(map(shown, new))}"


def _with_names(value: Any, names: Mapping[str, str]) -> Any:
    match value:
        case dict():
            return {
                name: name_of_key(part) if name in _NAMED_BY_KEY and part else _with_names(part, names)
                for name, part in value.items()
            }
        case list():
            return [_with_names(part, names) for part in value]
        case str():
            return names.get(value, value)
        case _:
            return value
