"""Forecast of a handoff's clocks under a policy: each with its target, due instant, explanation and levels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from slackapp.clocks.rules import business_hours, timekeeping
from slackapp.clocks.rules.due_times import Step
from slackapp.clocks.rules.explanation import explain, format_local_time, one_line, zone_name
from slackapp.clocks.rules.targets import target
from storage.clocks.model import POLICY_CLOCKS, Calendar, ClockKind, Policy, Timer
from storage.handoffs.model import Handoff


@dataclass(frozen=True, kw_only=True)
class ClockForecast:
    """The forecast of one clock, if it starts at `since` and is never paused."""

    clock: ClockKind
    since: datetime
    due_at: datetime
    wall: bool
    """Whether the target is wall time, around the clock."""
    rule: int | None
    """Number (from 1) of the policy's rule that gave the target; None for the policy's own targets, or the form."""
    explanation: tuple[str, ...]
    in_short: str
    steps: tuple[Step, ...]
    target_s: int
    """Target in seconds of open time, or of wall time if `wall`."""


def forecast(handoff: Handoff, policy: Policy, calendar: Calendar | None, since: datetime) -> Iterator[ClockForecast]:
    """Yield the forecast of every clock that this handoff has under a policy, in the order of a handoff's life."""
    for clock in POLICY_CLOCKS:
        timer = timekeeping.start(handoff, clock, timer_id=clock.value, policy=policy, calendar=calendar, now=since)
        if timer is None or timer.deadline_at is None:
            continue
        explanation, in_short = _explained(timer, timer.deadline_at, calendar)
        yield ClockForecast(
            clock=clock,
            since=since,
            due_at=timer.deadline_at,
            wall=timer.wall,
            rule=_rule(policy, clock, handoff),
            explanation=explanation,
            in_short=in_short,
            steps=timekeeping.all_steps(timer, policy.levels, calendar),
            target_s=timer.target_s,
        )


def _explained(timer: Timer, due_at: datetime, calendar: Calendar | None) -> tuple[tuple[str, ...], str]:
    """Explain a due instant, in sentences and in one line. An instant named in the form needs no arithmetic."""
    if timer.clock is ClockKind.NEEDED_BY:
        due = business_hours.to_local(calendar, due_at)
        return ("The time is set in the form.", f"That is {format_local_time(due)} ({zone_name(calendar)})."), (
            f"Set in the form → {format_local_time(due)} ({zone_name(calendar)})"
        )
    span = (calendar, timer.started_at, timer.target_s)
    return explain(*span, wall=timer.wall), one_line(*span, wall=timer.wall)


def _rule(policy: Policy, clock: ClockKind, handoff: Handoff) -> int | None:
    """Number (from 1) of the first rule that has a target for this clock of the handoff."""
    single_rules = (replace(policy, targets={}, rules=(rule,)) for rule in policy.rules)
    return next((n for n, single in enumerate(single_rules, start=1) if target(single, clock, handoff)), None)
