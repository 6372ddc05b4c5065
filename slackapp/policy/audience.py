"""Who the words in a level's `tell` mean for one handoff."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from slackapp.policy.levels import Reached, Step
from storage.records import Handoff, Timer

CHANNEL: Final = "channel"
"""The recipient that is not a person: the queue's channel, told in the card's thread."""

WEBHOOK: Final = "webhook:"
"""How a recipient outside Slack begins; the webhook's key follows."""

_MANAGERS: Final = "managers"
_OF_MANAGERS: Final = " of managers"
_WEBHOOK_WORD: Final = "webhook "


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


def named(tell: Sequence[str], handoff: Handoff, audience: Audience) -> tuple[str, ...]:
    """User ids, `channel` and `webhook:<key>`, in the order of `tell`, nobody twice; whoever has left too."""
    return tuple(dict.fromkeys(who for word in tell for who in _meant(word, handoff, audience)))


def depth(tell: Iterable[str]) -> int:
    """How far up the longest chain goes: 1 for `managers of managers`, 2 for their managers, and so on."""
    return max((word.count(_OF_MANAGERS) for word in tell if word.startswith(_MANAGERS)), default=0)


def is_person(recipient: str) -> bool:
    """Whether a recipient is somebody with a life of their own: no channel and no webhook."""
    return recipient != CHANNEL and not recipient.startswith(WEBHOOK)


def _meant(word: str, handoff: Handoff, audience: Audience) -> Iterator[str]:
    match word:
        case "channel":
            yield CHANNEL
        case "owner":
            yield from [handoff.owner] if handoff.owner else []
        case "sender":
            yield handoff.sender
        case "admins":
            yield from audience.admins
        case _ if word.removesuffix(_OF_MANAGERS * word.count(_OF_MANAGERS)) == _MANAGERS:
            yield from _above(audience, word.count(_OF_MANAGERS))
        case _ if word.startswith(_WEBHOOK_WORD):
            yield WEBHOOK + word.removeprefix(_WEBHOOK_WORD).strip()
        case _:
            yield from audience.groups.get(word, (word,))


def _above(audience: Audience, steps: int) -> Iterable[str]:
    """The queue's managers, or whoever is so many steps above them; a chain ends where nobody's manager is known."""
    people: Iterable[str] = audience.managers
    for _ in range(steps):
        people = dict.fromkeys(audience.managers_of[user] for user in people if user in audience.managers_of)
    return people


def is_late_for_the_first_time(timer: Timer, steps: Sequence[Step], reached: Reached) -> bool:
    """Whether among the steps reached now is the first of this run at or past the target."""
    late = {step.key for step in steps if step.budget_s >= timer.target_s}
    return not late.isdisjoint(reached.keys) and late.isdisjoint(timer.fired)
