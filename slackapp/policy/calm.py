"""Which reminders of one person come alone, and which as rows of one message.

- What wakes people comes alone, at once.
- What is held until later comes with everything else that the person may hear then.
- Many at once become one message, also the third within a quarter of an hour; while the last such message is younger
  than that, what follows joins it and it is redrawn in place, without another ping.

The key of a bundle names the person and the quarter of an hour in which it begins, so that processes that look at the
same moment choose the same one without a lock.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final, NamedTuple

CALM: Final = timedelta(minutes=15)
"""At most one bundle per person begins within this time."""
MANY: Final = 3
"""So many reminders at once, or within `CALM`, are one message."""
BUNDLE: Final = "bundle:"
"""How the key of a message begins that holds several reminders."""


class Wish(NamedTuple):
    """One reminder for a person: the key it has if it comes alone, when it may be heard, and whether it wakes them."""

    key: str
    at: datetime
    wake: bool


class Place(NamedTuple):
    """The message that a reminder is said in. `joined` tells whether that is one which begins without it."""

    key: str
    joined: bool = False


class Lately(NamedTuple):
    """What a person has been told: bundles by key with when Slack had them (None: not yet), and how many reminders."""

    bundles: Mapping[str, datetime | None]
    heard: int


def candidates(user: str, at: datetime) -> tuple[str, str]:
    """The keys of the bundles that may be younger than `CALM` at an instant, the later first."""
    return _bundle(user, at), _bundle(user, at - CALM)


def is_bundle(key: str) -> bool:
    """Whether the key of a message is a bundle's."""
    return key.startswith(BUNDLE)


def places(user: str, wishes: Sequence[Wish], lately: Lately, now: datetime) -> list[Place]:
    """The message in which each reminder comes, in their order."""
    at_once = sum(not wish.wake and wish.at <= now for wish in wishes)
    together = _together(user, lately, now, many=lately.heard + at_once >= MANY)
    return [_place(user, wish, together, now) for wish in wishes]


def _together(user: str, lately: Lately, now: datetime, *, many: bool) -> Place | None:
    """The bundle for whatever may be heard now; None if each comes alone."""
    for key in candidates(user, now):
        if key in lately.bundles and _is_young(lately.bundles[key], now):
            return Place(key, joined=True)
    return Place(_bundle(user, now)) if many else None


def _place(user: str, wish: Wish, together: Place | None, now: datetime) -> Place:
    if wish.wake:
        return Place(wish.key)
    if wish.at > now:
        return Place(_bundle(user, wish.at))
    return together or Place(wish.key)


def _is_young(said_at: datetime | None, now: datetime) -> bool:
    return said_at is None or now - said_at < CALM


def _bundle(user: str, at: datetime) -> str:
    return f"{BUNDLE}{user}:{_quarter(at)}"


@lru_cache(maxsize=64)
def _quarter(at: datetime) -> str:
    """The quarter of an hour in which an instant lies; a batch asks thousands of times for the same few."""
    at = at.astimezone(UTC)
    return f"{at.replace(minute=at.minute - at.minute % 15):%Y-%m-%dT%H:%M}"
