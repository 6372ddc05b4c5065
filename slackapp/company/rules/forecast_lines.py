"""The deadlines and levels of a policy in words, worked out for one example handoff.

`baton sla explain` prints these lines, and the policy's page in Slack shows them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from slackapp.clocks.rules import business_hours, durations
from slackapp.clocks.rules.due_times import Step
from slackapp.clocks.rules.explanation import format_local_time, zone_name
from slackapp.clocks.rules.forecasts import ClockForecast
from storage.clocks.model import Calendar, ClockKind, Level, LevelAction
from storage.company.model import Queue
from storage.handoffs.model import Handoff, Priority

_DOES: Final = {
    LevelAction.CHECK: "asks the owner, {within} to answer",
    LevelAction.RELEASE: "puts it back",
    LevelAction.RAISE: "raises the priority",
    LevelAction.REASSIGN: "assigns it to {to}",
}


@dataclass(frozen=True, kw_only=True)
class StepLine:
    """A step of a level: its key, its due point, the due time in the calendar's zone, and what happens then."""

    key: str
    due_point: str
    due: str
    happens: str


@dataclass(frozen=True, kw_only=True)
class ClockLines:
    """A timer in words: its name, its target, how the due time comes about, and its steps."""

    clock: str
    target: str
    in_short: str
    steps: tuple[StepLine, ...]


def heading(handoff: Handoff, calendar: Calendar | None) -> tuple[str, str]:
    """The example in words, and when its timers start."""
    start = business_hours.to_local(calendar, handoff.created_at)
    words = [f"{handoff.priority.value} priority", *([handoff.template] if handoff.template else [])]
    words += [f"{name}={value}" for name, value in handoff.fields.items()]
    return ", ".join(words), f"if it starts {format_local_time(start)} ({zone_name(calendar)})"


def clock_lines(found: Sequence[ClockForecast], calendar: Calendar | None) -> tuple[ClockLines, ...]:
    """Every timer of the example in words, with times in the calendar's zone."""
    return tuple(
        ClockLines(
            clock=promise.clock.value,
            target=_target(promise),
            in_short=promise.in_short,
            steps=tuple(_line(step, calendar) for step in promise.steps),
        )
        for promise in found
    )


def nothing_runs(queue: Queue, priority: Priority) -> str:
    """The sentence for an example in which no timer runs."""
    return f"No timer runs in {queue.name} for {priority.value} priority: the policy has no target."


def due_point(step: Step) -> str:
    """When a step is due, as the configuration file writes it; a repetition includes its pauses."""
    turn = int(step.key.partition("#")[2] or 1) - 1
    return durations.format_due_point(
        replace(step.level, offset_s=step.level.offset_s + turn * step.level.repeat_every_s)
    )


def example(queue: Queue, priority: Priority, start: datetime) -> Handoff:
    """An example handoff that arrives at `start`, for which the timers are worked out."""
    return Handoff(
        id="example",
        workspace="",
        number=1,
        state_since=start,
        created_at=start,
        title="",
        queue=queue.key,
        priority=priority,
        originator="example",
        sender="example",
        accountable="example",
    )


def happens(level: Level) -> str:
    """Who a level notifies, and what it does."""
    told = [f"tells {', '.join(level.tell)}"] if level.tell else []
    words = _DOES[level.do] if level.do else ""
    done = [words.format(within=durations.format_seconds(level.within_s), to=level.to)] if words else []
    return "; ".join([*told, *done]) or "tells nobody"


def _line(step: Step, calendar: Calendar | None) -> StepLine:
    due = format_local_time(business_hours.to_local(calendar, step.due_at))
    return StepLine(key=step.key, due_point=due_point(step), due=due, happens=happens(step.level))


def _target(promise: ClockForecast) -> str:
    if promise.clock is ClockKind.NEEDED_BY:
        return "set in the form"
    around = " around the clock" if promise.wall else ""
    rule = f", by rule {promise.rule}" if promise.rule else ""
    return f"{durations.format_seconds(promise.target_s)}{around}{rule}"
