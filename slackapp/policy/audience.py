"""Who the words in a level's `tell` mean for one handoff."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from slackapp.policy.levels import Reached, Step
from storage.records import Handoff, Timer

CHANNEL: Final = "channel"
"""The recipient that is not a person: the queue's channel, told in the card's thread."""


@dataclass(frozen=True, kw_only=True)
class Audience:
    """The people around a handoff, user groups already replaced by the people in them."""

    managers: Sequence[str] = ()
    managers_of: Mapping[str, str] = field(default_factory=dict)
    """Each person's manager, as configured."""
    admins: Sequence[str] = ()
    groups: Mapping[str, Sequence[str]] = field(default_factory=dict)
    gone: frozenset[str] = frozenset()
    """Deactivated people, bots and outsiders: nobody who can be told."""


def recipients(tell: Sequence[str], handoff: Handoff, audience: Audience) -> tuple[str, ...]:
    """User ids, and `channel`, in the order of `tell`, nobody twice. Empty when nobody of them can hear."""
    named = (who for word in tell for who in _meant(word, handoff, audience))
    return tuple(dict.fromkeys(who for who in named if who not in audience.gone))


def _meant(word: str, handoff: Handoff, audience: Audience) -> Iterator[str]:
    match word:
        case "channel":
            yield CHANNEL
        case "owner":
            yield from [handoff.owner] if handoff.owner else []
        case "sender":
            yield handoff.sender
        case "managers":
            yield from audience.managers
        case "managers of managers":
            yield from (audience.managers_of[m] for m in audience.managers if m in audience.managers_of)
        case "admins":
            yield from audience.admins
        case _:
            yield from audience.groups.get(word, (word,))


def with_sender(told: tuple[str, ...], handoff: Handoff, audience: Audience) -> tuple[str, ...]:
    """The recipients and the sender, who by default hears when what they sent is late."""
    reachable = handoff.sender not in told and handoff.sender not in audience.gone
    return (*told, handoff.sender) if reachable else told


def is_late_for_the_first_time(timer: Timer, steps: Sequence[Step], reached: Reached) -> bool:
    """Whether among the steps reached now is the first of this run at or past the target."""
    late = {step.key for step in steps if step.budget_s >= timer.target_s}
    return not late.isdisjoint(reached.keys) and late.isdisjoint(timer.fired)
