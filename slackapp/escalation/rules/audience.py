"""Resolve the words of a level's `tell` to recipients, for one handoff."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from slackapp.clocks.rules.due_times import Step
from slackapp.clocks.rules.timekeeping import DueSteps
from slackapp.escalation.model import Audience
from storage.clocks.model import Timer
from storage.handoffs.model import Handoff

CHANNEL: Final = "channel"
"""The recipient that is the queue's channel; it is notified in the card's thread."""

ADMINS: Final = "admins"
"""The word for everybody who administers Baton."""

WEBHOOK: Final = "webhook:"
"""Prefix of a recipient outside Slack; the webhook's key follows."""

_MANAGERS: Final = "managers"
_OF_MANAGERS: Final = " of managers"
_WEBHOOK_WORD: Final = "webhook "


def recipients(tell: Sequence[str], handoff: Handoff, audience: Audience) -> tuple[str, ...]:
    """Recipients (user ids, `channel`, `webhook:<key>`) in the order of `tell`, each once, also people who left."""
    return tuple(dict.fromkeys(who for word in tell for who in _meant(word, handoff, audience)))


def chain_length(tell: Iterable[str]) -> int:
    """Length of the longest management chain in `tell`: 1 for `managers of managers`, 2 for one more, and so on."""
    return max((word.count(_OF_MANAGERS) for word in tell if word.startswith(_MANAGERS)), default=0)


def is_person(recipient: str) -> bool:
    """Whether a recipient is a person, not the channel or a webhook."""
    return recipient != CHANNEL and not recipient.startswith(WEBHOOK)


def _meant(word: str, handoff: Handoff, audience: Audience) -> Iterator[str]:
    match word:
        case "channel":
            yield CHANNEL
        case "owner":
            yield from [handoff.owner] if handoff.owner else []
        case "sender":
            yield handoff.sender
        case _ if word == ADMINS:
            yield from audience.admins
        case _ if word.removesuffix(_OF_MANAGERS * word.count(_OF_MANAGERS)) == _MANAGERS:
            yield from _above(audience, word.count(_OF_MANAGERS))
        case _ if word.startswith(_WEBHOOK_WORD):
            yield WEBHOOK + word.removeprefix(_WEBHOOK_WORD).strip()
        case _:
            yield from audience.groups.get(word, (word,))


def _above(audience: Audience, steps: int) -> Iterable[str]:
    """The people `steps` levels above the queue's managers; a chain ends where no manager is known."""
    people: Iterable[str] = audience.managers
    for _ in range(steps):
        people = dict.fromkeys(audience.managers_of[user] for user in people if user in audience.managers_of)
    return people


def is_late_for_the_first_time(timer: Timer, steps: Sequence[Step], reached: DueSteps) -> bool:
    """Whether the steps reached now include the first one of this run at or past the target."""
    late = {step.key for step in steps if step.budget_s >= timer.target_s}
    return not late.isdisjoint(reached.keys) and late.isdisjoint(timer.fired)
