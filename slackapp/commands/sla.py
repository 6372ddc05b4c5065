"""`baton sla`: what a queue's policy promises for a handoff that arrives at some time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any

import typer

from slackapp.commands.reading import ConfigFile, instant
from slackapp.commands.speech import AsJson, iso, say, say_json
from slackapp.configuration.company import Company
from slackapp.configuration.read import read_file
from slackapp.policy import business_hours, durations, levels
from slackapp.policy.explanation import explain, one_line
from storage.records import Calendar, Handoff, Policy, Priority, Queue

group = typer.Typer(help="Explain targets and escalation levels.", no_args_is_help=True)


@group.callback()
def _only_groups_need_this() -> None:
    """Explain targets and escalation levels."""


@group.command(name="explain")
def explain_queue(
    config: ConfigFile,
    queue_key: Annotated[str, typer.Option("--queue", help="The queue's key in the file.")],
    at: Annotated[
        str, typer.Option("--at", help="When the clocks start: 2026-11-20T14:30, in the calendar's zone by default.")
    ],
    priority: Annotated[Priority, typer.Option("--priority", help="The handoff's priority.")] = Priority.NORMAL,
    *,
    as_json: AsJson = False,
) -> None:
    """Say when each clock of a queue is due if it starts at a time, and who hears on the way."""
    company = read_file(config).company
    queue = _queue(company, queue_key)
    calendar, policy = company.hours_of(queue), company.policy(queue.policy)
    start = instant(at, calendar)
    clocks = list(_clocks(queue, policy, calendar, priority, start)) if policy else []
    if as_json:
        say_json({"clocks": [clock for clock, _ in clocks]})
    elif clocks:
        say(*(line for clock, in_short in clocks for line in _lines(clock, in_short)))
    else:
        say(f"No clock runs in {queue.name} for {priority.value} priority: its policy has no target.")


def _queue(company: Company, key: str) -> Queue:
    queue = company.queue(key)
    if queue is None:
        known = ", ".join(one.key for one in company.queues) or "none"
        raise typer.BadParameter(f'There is no queue "{key}" in the file. It has: {known}.')
    return queue


def _clocks(
    queue: Queue, policy: Policy, calendar: Calendar | None, priority: Priority, start: datetime
) -> Iterator[tuple[dict[str, Any], str]]:
    """Each clock for scripts, and in one line how it is due."""
    handoff = _example(queue, priority, start)
    for clock in policy.targets:
        timer = levels.start(handoff, clock, timer_id="example", policy=policy, calendar=calendar, now=start)
        if timer is None:
            continue
        runs_by = business_hours.ALWAYS if timer.wall else calendar
        told = {
            "clock": clock.value,
            "target_s": timer.target_s,
            "due_at": iso(timer.deadline_at or start),
            "explanation": explain(runs_by, start, timer.target_s),
            "levels": [_level(step) for step in levels.instants(timer, policy.levels, calendar)],
        }
        yield told, one_line(runs_by, start, timer.target_s)


def _level(step: levels.Step) -> dict[str, Any]:
    level = step.level
    turn = int(step.key.partition("#")[2] or 1) - 1
    moved = replace(level, offset_s=level.offset_s + turn * level.repeat_every_s)
    return {"key": step.key, "at": durations.show_at(moved), "due_at": iso(step.due_at), "tell": level.tell}


def _lines(clock: dict[str, Any], in_short: str) -> Iterator[str]:
    yield f"{clock['clock']}: {durations.show_seconds(clock['target_s'])}, due {clock['due_at']}"
    yield from (f"  {line}" for line in (*clock["explanation"], in_short))
    for level in clock["levels"]:
        yield f"  {level['key']} ({level['at']}) at {level['due_at']} tells {', '.join(level['tell']) or 'nobody'}"


def _example(queue: Queue, priority: Priority, start: datetime) -> Handoff:
    """A handoff that arrives now: clocks belong to one."""
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
