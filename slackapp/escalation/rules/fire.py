"""Fire a due timer: decide which levels fire, and whom they notify (`recipients_of_step`).

A sender who is accountable is notified once when their handoff is late. Others see it in the message that they have.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from slackapp.clocks.rules import timekeeping
from slackapp.clocks.rules.apply_changes import Terms
from slackapp.clocks.rules.due_times import Step
from slackapp.clocks.rules.timekeeping import DueSteps
from slackapp.escalation.model import LevelFired, TimerFired, ToldSoFar
from slackapp.escalation.rules.audience import is_late_for_the_first_time
from slackapp.escalation.rules.recipients_of_step import (
    Circumstances,
    QueueContext,
    decide_recipients,
    levels_above,
    with_sender,
)
from storage.clocks.model import Timer
from storage.handoffs.model import Handoff


def fire(handoff: Handoff, timer: Timer, terms: Terms, queue_context: QueueContext, now: datetime) -> TimerFired:
    """Return the due timer as fired: its levels with their recipients, armed for the next step."""
    ladder = terms.levels(timer.clock)
    reached = timekeeping.due_steps(timer, ladder, terms.calendar, now)

    def steps() -> Sequence[Step]:  # computed only when needed, which is rare
        return timekeeping.all_steps(timer, ladder, terms.calendar)

    is_news = _is_late(timer, reached) and (not timer.fired or is_late_for_the_first_time(timer, steps(), reached))
    circumstances = Circumstances(handoff, queue_context, terms.wakes(handoff), now)
    levels_fired = tuple(
        _fire_level(step, steps, circumstances, is_news=is_news and step is reached.notifying[0])
        for step in reached.notifying
    )
    quiet_until = _quiet_until(levels_fired, now)
    return TimerFired(
        handoff=handoff,
        timer=timekeeping.mark_fired(timer, reached, ladder, terms.calendar, now, quiet_until=quiet_until),
        deadline_at=timer.deadline_at,
        levels_fired=levels_fired,
        is_news=is_news or _has_passed(timer, reached, now),
        wake=circumstances.wake,
    )


def _is_late(timer: Timer, reached: DueSteps) -> bool:
    """Whether any step reached lies at or past the target."""
    return any(step.budget_s >= timer.target_s for step in (*reached.notifying, *reached.silent))


def _has_passed(timer: Timer, reached: DueSteps, now: datetime) -> bool:
    """Whether the deadline has passed since the timer was armed."""
    is_late = timer.deadline_at is not None and timer.deadline_at <= now
    armed_before = any(step.budget_s < timer.target_s for step in (*reached.notifying, *reached.silent))
    return reached.is_deadline or (is_late and armed_before)


def _fire_level(
    step: Step, steps: Callable[[], Sequence[Step]], circumstances: Circumstances, *, is_news: bool
) -> LevelFired:
    found = decide_recipients(step.level, lambda: levels_above(step, steps()), circumstances, ToldSoFar())
    if is_news and circumstances.handoff.accountable == circumstances.handoff.sender:
        found = with_sender(found, circumstances)
    return LevelFired(step=step, notifications=found.notifications, climbed=found.climbed, first_at=found.first_at)


def _quiet_until(levels_fired: Sequence[LevelFired], now: datetime) -> datetime | None:
    """The first instant at which any recipient is available, or None if one is available now."""
    first = min(
        (level_fired.first_at for level_fired in levels_fired if level_fired.first_at is not None), default=None
    )
    return first if first is not None and first > now else None
