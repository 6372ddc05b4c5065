"""Decide whom a fired step notifies, when, and why not now: when it fires, and anew whenever a fact has changed.

- People who have left are skipped; people who are unavailable are notified later. Both are recorded with the reason.
- When nobody of a level is available, the people of the next higher level of the same clock are notified as well, and
  so on until somebody is. The channel and webhooks are always available.
- While a clock is paused its steps notify nobody who has not been notified. Once it goes on they are decided again.
- For somebody who is away and has a cover, the cover is notified: as themselves, when they are available.
- A priority that wakes people notifies at once at any hour; the next level is still notified if all are unavailable.

Decided anew, a step goes by the facts of now. Only two things stay: what somebody has heard is not taken back, and once
somebody has, the step has reached those it was for, so that nobody joins them; and a higher level that was notified as
well stays so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from slackapp.clocks.rules.due_times import Step
from slackapp.escalation.model import Audience, Notification, Notified, ToldSoFar
from slackapp.escalation.rules.audience import is_person, recipients
from slackapp.people.rules.availability import Availability, woken
from storage.clocks.model import PAUSED, Level, LevelAction
from storage.handoffs.model import Handoff

NOBODY: Final = "nobody"
"""Reason for skipping a word of `tell` that resolves to nobody."""
GONE: Final = "gone"
COVERED: Final = "covered"
"""Reason for skipping somebody who is away, while a colleague is notified in their place."""
LEFT: Final = "left"
"""Reason for skipping somebody who is no longer among those whom a level means."""


class QueueContext(NamedTuple):
    """People around a queue (`audience`), and when each of them is available."""

    audience: Audience
    availability_of: Callable[[str], Availability]
    cover_of: Callable[[str], str | None] = lambda _user: None
    """Returns who is notified in place of a person who is away, or None."""


class Circumstances(NamedTuple):
    """What a decision depends on besides the level: the handoff, the people, whether it wakes them, and the instant."""

    handoff: Handoff
    queue_context: QueueContext
    wake: bool
    now: datetime


def decide_recipients(
    level: Level, above: Callable[[], Iterable[Level]], circumstances: Circumstances, so_far: ToldSoFar
) -> Notified:
    """Decide whom a step of a level notifies; `above` returns the levels above that notify somebody, lowest first."""
    found: dict[str, Notification] = {}
    climbed: list[str] = []
    tell = words_of(level)
    awake = _add(found, tell, level.key, circumstances, so_far)
    joined = set(so_far.known.values()) - {level.key, None}
    if joined or (tell and not awake and not so_far.heard):
        for higher in above():
            if higher.key not in joined and (awake or so_far.heard):
                continue
            climbed.append(higher.key)
            awake = _add(found, higher.tell, higher.key, circumstances, so_far) or awake
    first_at = min((one.at for one in found.values() if one.at is not None), default=None)
    found |= {who: one for who, one in _others(so_far, circumstances) if who not in found}
    if not found:
        found = {word: Notification(word, None, NOBODY, level.key) for word in tell}
    return Notified(tuple(found.values()), tuple(climbed), first_at)


def decide_times(circumstances: Circumstances, so_far: ToldSoFar) -> Notified:
    """Decide only when the recipients so far are notified: their level does not exist any more."""
    found = [_notification(who, via, circumstances)[0] for who, via in so_far.known.items()]
    return Notified(tuple(found), first_at=min((one.at for one in found if one.at and one.via), default=None))


def while_paused(found: Notified) -> Notified:
    """Return the decision for a clock that is paused: what it would tell is not so now."""
    paused = (one if one.at is None else one._replace(at=None, why=PAUSED) for one in found.notifications)
    return found._replace(notifications=tuple(paused), first_at=None)


def with_sender(found: Notified, circumstances: Circumstances) -> Notified:
    """Return the decision with the sender, who is informed that the handoff is late."""
    sender = circumstances.handoff.sender
    told = {one.recipient for one in found.notifications}
    added = [one for one, _ in _meant(sender, None, circumstances) if one.recipient not in told]
    return found._replace(notifications=(*found.notifications, *added))


def words_of(level: Level) -> tuple[str, ...]:
    """The words of a level; `do: check` always notifies the owner."""
    return ("owner", *level.tell) if level.do is LevelAction.CHECK else level.tell


def levels_above(step: Step, steps: Iterable[Step]) -> Iterator[Level]:
    """Yield the levels above a step that notify somebody, lowest first."""
    higher = {other.level.key: other.level for other in steps if other.budget_s > step.budget_s and other.level.tell}
    higher.pop(step.level.key, None)
    yield from higher.values()


def _add(
    found: dict[str, Notification], tell: Sequence[str], via: str, circumstances: Circumstances, so_far: ToldSoFar
) -> bool:
    """Add when each recipient is notified; return whether any is available now."""
    awake = False
    for who in recipients(tell, circumstances.handoff, circumstances.queue_context.audience):
        for notification, is_available in _meant(who, via, circumstances):
            if so_far.heard and notification.recipient not in so_far.known:
                continue
            found.setdefault(notification.recipient, notification)
            awake = awake or is_available
    return awake


def _meant(who: str, via: str | None, circumstances: Circumstances) -> list[tuple[Notification, bool]]:
    """Return the notification of somebody whom a level means, or that of their cover and why they have none."""
    cover = circumstances.queue_context.cover_of(who) if is_person(who) else None
    if cover is None:
        return [_notification(who, via, circumstances)]
    notification, is_available = _notification(cover, via, circumstances)
    skipped = Notification(who, None, COVERED, via)
    return [(notification._replace(instead_of=who), is_available), (skipped, False)]


def _others(so_far: ToldSoFar, circumstances: Circumstances) -> Iterator[tuple[str, Notification]]:
    """Yield the recipients so far whom no level means: the sender stays, the others are no longer concerned."""
    for who, via in so_far.known.items():
        if via is None:
            yield from ((one.recipient, one) for one, _ in _meant(who, None, circumstances))
        else:
            yield who, Notification(who, None, LEFT, via)


def _notification(who: str, via: str | None, circumstances: Circumstances) -> tuple[Notification, bool]:
    """Return when somebody is notified, and whether they are available now."""
    context, now = circumstances.queue_context, circumstances.now
    if not is_person(who):
        return Notification(who, now, None, via), True
    available = Availability(at=None) if who in context.audience.gone else context.availability_of(who)
    if available.at is None:
        return Notification(who, None, available.why or GONE, via), False
    can = woken(available, now) if circumstances.wake else available
    is_now = can.at is not None and can.at <= now
    return Notification(who, now if is_now else can.at, None if is_now else can.why, via), available.at <= now
