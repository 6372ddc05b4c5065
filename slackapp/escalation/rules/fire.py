"""Fire a due timer: decide which levels fire, whom they notify, and who of them is available now.

- People who have left are skipped; people who are unavailable are notified later. Both are recorded with the reason.
- When nobody of a level is available, the people of the next higher level of the same clock are notified as well, and
  so on until somebody is. The channel and webhooks are always available.
- A priority that wakes people notifies at once at any hour; the next level is still notified if all are unavailable.
- The sender is notified once when their handoff is late.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from slackapp.clocks.rules import timekeeping
from slackapp.clocks.rules.apply_changes import Terms
from slackapp.clocks.rules.due_times import Step
from slackapp.clocks.rules.timekeeping import DueSteps
from slackapp.escalation.model import Audience, LevelFired, Notification, TimerFired
from slackapp.escalation.rules.audience import is_late_for_the_first_time, is_person, recipients
from slackapp.people.rules.availability import Availability
from storage.clocks.model import Level, LevelAction, Timer
from storage.handoffs.model import Handoff

NOBODY: Final = "nobody"
"""Reason for skipping a word of `tell` that resolves to nobody."""
GONE: Final = "gone"


class QueueContext(NamedTuple):
    """People around a queue (`audience`), and when each of them is available."""

    audience: Audience
    availability_of: Callable[[str], Availability]


def fire(handoff: Handoff, timer: Timer, terms: Terms, queue_context: QueueContext, now: datetime) -> TimerFired:
    """Return the due timer as fired: its levels with their recipients, armed for the next step."""
    ladder = terms.levels(timer.clock)
    reached = timekeeping.due_steps(timer, ladder, terms.calendar, now)

    def steps() -> Sequence[Step]:  # computed only when needed, which is rare
        return timekeeping.all_steps(timer, ladder, terms.calendar)

    is_news = _is_late(timer, reached) and (not timer.fired or is_late_for_the_first_time(timer, steps(), reached))
    wake = terms.policy is not None and handoff.priority in terms.policy.wake
    levels_fired = tuple(
        _fire_level(
            step, steps, handoff, queue_context, now, wake=wake, with_sender=is_news and step is reached.notifying[0]
        )
        for step in reached.notifying
    )
    quiet_until = _quiet_until(levels_fired, now)
    return TimerFired(
        handoff=handoff,
        timer=timekeeping.mark_fired(timer, reached, ladder, terms.calendar, now, quiet_until=quiet_until),
        deadline_at=timer.deadline_at,
        levels_fired=levels_fired,
        is_news=is_news,
        wake=wake,
    )


def _is_late(timer: Timer, reached: DueSteps) -> bool:
    """Whether any step reached lies at or past the target."""
    return any(step.budget_s >= timer.target_s for step in (*reached.notifying, *reached.silent))


def _fire_level(
    step: Step,
    steps: Callable[[], Sequence[Step]],
    handoff: Handoff,
    queue_context: QueueContext,
    now: datetime,
    *,
    wake: bool,
    with_sender: bool,
) -> LevelFired:
    tell = _tell(step.level)
    notifications: dict[str, Notification] = {}
    climbed: list[str] = []
    awake = _add_notifications(tell, handoff, queue_context, now, notifications, wake=wake)
    if tell and not awake:
        for level in _above(step, steps()):
            climbed.append(level.key)
            if _add_notifications(_tell(level), handoff, queue_context, now, notifications, wake=wake):
                break
    if not notifications:
        notifications = {word: Notification(word, None, NOBODY) for word in tell}
    first_at = min(
        (notification.at for notification in notifications.values() if notification.at is not None), default=None
    )
    if with_sender:
        _add_notifications(["sender"], handoff, queue_context, now, notifications, wake=wake)
    return LevelFired(step=step, notifications=tuple(notifications.values()), climbed=tuple(climbed), first_at=first_at)


def _tell(level: Level) -> tuple[str, ...]:
    """The words of a level; `do: check` always notifies the owner."""
    return ("owner", *level.tell) if level.do is LevelAction.CHECK else level.tell


def _add_notifications(
    tell: Sequence[str],
    handoff: Handoff,
    queue_context: QueueContext,
    now: datetime,
    notifications: dict[str, Notification],
    *,
    wake: bool,
) -> bool:
    """Add to `notifications` when each recipient is notified; return whether any is available now."""
    awake = False
    for who in recipients(tell, handoff, queue_context.audience):
        notification, is_available = _notification(who, queue_context, now, wake=wake)
        notifications.setdefault(who, notification)
        awake = awake or is_available
    return awake


def _notification(who: str, queue_context: QueueContext, now: datetime, *, wake: bool) -> tuple[Notification, bool]:
    if not is_person(who):
        return Notification(who, now, None), True
    available = Availability(at=None) if who in queue_context.audience.gone else queue_context.availability_of(who)
    if available.at is None:
        return Notification(who, None, available.why or GONE), False
    if available.at <= now:
        return Notification(who, now, None), True
    return (Notification(who, now, None) if wake else Notification(who, available.at, available.why)), False


def _above(step: Step, steps: Sequence[Step]) -> Iterator[Level]:
    """Yield the levels above a step that notify somebody, lowest first."""
    higher = {other.level.key: other.level for other in steps if other.budget_s > step.budget_s and other.level.tell}
    higher.pop(step.level.key, None)
    yield from higher.values()


def _quiet_until(levels_fired: Sequence[LevelFired], now: datetime) -> datetime | None:
    """The first instant at which any recipient is available, or None if one is available now."""
    first = min(
        (level_fired.first_at for level_fired in levels_fired if level_fired.first_at is not None), default=None
    )
    return first if first is not None and first > now else None
