"""Changes of a policy's levels as set-up makes them: added, moved, removed; and what a level may do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from storage.clocks.model import Level, LevelAction, Policy

_MANAGERS: Final = "managers"
_CHECKS_S: Final = (1800, 3600, 14_400)
"""Times to answer "Still on it?" that the form offers, in seconds of working time."""


@dataclass(frozen=True, kw_only=True)
class LevelActionChoice:
    """What a level does besides notifying people: its action, with the time to answer or the person it assigns to."""

    do: LevelAction | None = None
    within_s: int = 0
    to: str | None = None

    @property
    def key(self) -> str:
        """The value of the option: `check/1800`, `reassign/managers`, `none`."""
        if self.do is None:
            return "none"
        more = self.to or (str(self.within_s) if self.within_s else "")
        return f"{self.do.value}/{more}".rstrip("/")


OFFERED: Final = (
    LevelActionChoice(),
    *(LevelActionChoice(do=LevelAction.CHECK, within_s=seconds) for seconds in _CHECKS_S),
    LevelActionChoice(do=LevelAction.RELEASE),
    LevelActionChoice(do=LevelAction.RAISE),
    LevelActionChoice(do=LevelAction.REASSIGN, to=_MANAGERS),
)
"""The actions that the form of a level offers."""


def action_of(level: Level | None) -> LevelActionChoice:
    """What a level does now."""
    return LevelActionChoice(do=level.do, within_s=level.within_s, to=level.to) if level else LevelActionChoice()


def actions_for(level: Level | None) -> Mapping[str, LevelActionChoice]:
    """The actions that the form of this level offers, by key: the usual ones, and the one that it has."""
    found = {choice.key: choice for choice in OFFERED}
    had = action_of(level)
    return found if had.key in found else {**found, had.key: had}


def find(policy: Policy, key: str) -> Level | None:
    """A policy's level by its key, or None."""
    return next((level for level in policy.levels if level.key == key), None)


def with_level(policy: Policy, level: Level) -> Policy:
    """The policy with this level: in the place of the one with the same key, else at the end."""
    if find(policy, level.key) is None:
        return replace(policy, levels=(*policy.levels, level))
    return replace(policy, levels=tuple(level if one.key == level.key else one for one in policy.levels))


def without_level(policy: Policy, key: str) -> Policy:
    """The policy without a level."""
    return replace(policy, levels=tuple(one for one in policy.levels if one.key != key))


def moved(policy: Policy, key: str, by: int) -> Policy:
    """The policy with a level moved up (-1) or down (1); unchanged at either end, or without such a level."""
    keys = [level.key for level in policy.levels]
    at = keys.index(key) if key in keys else -1
    to = at + by
    if at < 0 or not 0 <= to < len(keys):
        return policy
    levels = list(policy.levels)
    levels[at], levels[to] = levels[to], levels[at]
    return replace(policy, levels=tuple(levels))


def free_key(policy: Policy) -> str:
    """A key for a new level: `level-3`."""
    taken = {level.key for level in policy.levels}
    number = len(taken) + 1
    while f"level-{number}" in taken:
        number += 1
    return f"level-{number}"
