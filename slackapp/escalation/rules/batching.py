"""Batching of one person's reminders: which come alone, and which as rows of one message.

- A reminder that wakes people comes alone, at once.
- Reminders held until later come together with the others due to that person then, also if that is sooner after all.
- Several at once become one message, as does the third within a quarter of an hour. While the last such message is
  younger than that, further reminders join it: it is redrawn in place, without another notification.

The key of a batch message names the person and the quarter of an hour in which it begins, so that processes that
decide at the same time choose the same message without a lock.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final, NamedTuple

from storage.outbox.model import Destination, OutboxMessage

BATCH_WINDOW: Final = timedelta(minutes=15)
"""At most one batch message per person begins within this time."""
BATCH_FROM: Final = 3
"""Number of reminders, at once or within `BATCH_WINDOW`, from which on they are one message."""
BATCH_PREFIX: Final = "bundle:"
"""Prefix of the key of a batch message (the stored word stays)."""


class Reminder(NamedTuple):
    """A reminder to place: its key if it comes alone, the instant it is for, and whether it wakes people."""

    key: str
    at: datetime
    wake: bool


class Placement(NamedTuple):
    """The message that carries a reminder; `joined` if the message exists already."""

    key: str
    joined: bool = False


class RecentReminders(NamedTuple):
    """A person's recent reminders: posting time by batch message key (None: not posted yet), and their number."""

    batches: Mapping[str, datetime | None]
    heard: int


def candidate_keys(user: str, at: datetime) -> tuple[str, str]:
    """Keys of the batch messages that may be younger than `BATCH_WINDOW` at an instant, the later first."""
    return _batch_key(user, at), _batch_key(user, at - BATCH_WINDOW)


def is_batch_key(key: str) -> bool:
    """Whether a message's key is that of a batch message."""
    return key.startswith(BATCH_PREFIX)


def choose_messages(
    user: str, reminders: Sequence[Reminder], recent: RecentReminders, now: datetime, *, released: bool = False
) -> list[Placement]:
    """Choose the message that carries each reminder, in their order.

    With `released`, they are no longer held because a fact has changed, and come together as they would have later.
    """
    at_once = sum(not reminder.wake and reminder.at <= now for reminder in reminders)
    together = _together(user, recent, now, many=released or recent.heard + at_once >= BATCH_FROM)
    return [_place(user, reminder, together, now) for reminder in reminders]


def _together(user: str, recent: RecentReminders, now: datetime, *, many: bool) -> Placement | None:
    """The batch message for reminders that are due now; None if each comes alone."""
    for key in candidate_keys(user, now):
        if key in recent.batches and _is_young(recent.batches[key], now):
            return Placement(key, joined=True)
    return Placement(_batch_key(user, now)) if many else None


def _place(user: str, reminder: Reminder, together: Placement | None, now: datetime) -> Placement:
    if reminder.wake:
        return Placement(reminder.key)
    if reminder.at > now:
        return Placement(_batch_key(user, reminder.at))
    return together or Placement(reminder.key)


def _is_young(said_at: datetime | None, now: datetime) -> bool:
    return said_at is None or now - said_at < BATCH_WINDOW


def _batch_key(user: str, at: datetime) -> str:
    return f"{BATCH_PREFIX}{user}:{_quarter(at)}"


@lru_cache(maxsize=64)
def _quarter(at: datetime) -> str:
    """Start of the quarter of an hour of an instant (UTC). Cached: a batch asks thousands of times for the same few."""
    at = at.astimezone(UTC)
    return f"{at.replace(minute=at.minute - at.minute % 15):%Y-%m-%dT%H:%M}"


def batch_message_for(workspace: str, key: str, user: str) -> OutboxMessage:
    """The message in which several reminders for one person stand, posted or redrawn."""
    return OutboxMessage(
        workspace=workspace, key=key, kind="bundle", handoff_id=None, to=Destination(user=user), payload={"user": user}
    )
