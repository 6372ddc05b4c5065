"""`baton sla`: explain targets and escalation levels of a queue for a handoff that arrives at a given time."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from slackapp.cli.arguments import ConfigFile, instant
from slackapp.cli.console import AsJson, iso_utc, print_json, print_lines
from slackapp.clocks.rules.due_times import Step
from slackapp.clocks.rules.forecasts import ClockForecast, forecast
from slackapp.company.model import Company
from slackapp.company.rules import forecast_lines
from slackapp.company.rules.forecast_lines import ClockLines
from slackapp.company.rules.read import read_file
from storage.clocks.model import Calendar
from storage.company.model import Queue
from storage.handoffs.model import Handoff, Priority, Source

group = typer.Typer(help="Explain targets and escalation levels.", no_args_is_help=True)

_WIDTH: Final = 110
"""Of what is not read on a screen."""


@group.callback()
def _only_groups_need_this() -> None:
    """Explain targets and escalation levels."""


@group.command(name="explain")
def explain_queue(
    config: ConfigFile,
    queue_key: Annotated[str, typer.Option("--queue", help="The queue's key in the file.")],
    at: Annotated[
        str, typer.Option("--at", help="When the timers start: 2026-11-20T14:30, in the calendar's zone by default.")
    ],
    *,
    priority: Annotated[Priority, typer.Option("--priority", help="The handoff's priority.")] = Priority.NORMAL,
    template: Annotated[
        str | None, typer.Option("--template", help="The template; by default the queue's first one.")
    ] = None,
    fields: Annotated[
        list[str] | None, typer.Option("--field", help="A field and its value: plan=gold. Can be given several times.")
    ] = None,
    sender: Annotated[str, typer.Option("--sender", help="The sender's user id, for rules about senders.")] = "",
    from_message: Annotated[
        bool, typer.Option("--from-message", help="The handoff is made from a Slack message instead of with /handoff.")
    ] = False,
    needed_by: Annotated[
        str | None, typer.Option("--needed-by", help="The needed-by time entered in the form, written like --at.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show the deadline of each timer of a queue, who is notified, and what Baton does then.

    Each timer is shown as if it started at --at, even if it starts later in a handoff's life.
    """
    company = read_file(config).company
    queue = _queue(company, queue_key)
    calendar, policy = company.hours_of(queue), company.policy(queue.policy)
    start = instant(at, calendar)
    handoff = replace(
        forecast_lines.example(queue, priority, start),
        template=_template(queue, template),
        fields=dict(map(_field, fields or [])),
        sender=sender,
        source=Source(channel="", ts="") if from_message else None,
        needed_by=_ahead(needed_by, start, calendar) if needed_by else None,
    )
    found = list(forecast(handoff, policy, calendar, start)) if policy else []
    if as_json:
        print_json({"clocks": list(map(_plain, found))})
    elif found:
        _show(queue, handoff, calendar, found)
    else:
        print_lines(forecast_lines.nothing_runs(queue, priority))


def _queue(company: Company, key: str) -> Queue:
    queue = company.queue(key)
    if queue is None:
        known = ", ".join(one.key for one in company.queues) or "none"
        raise typer.BadParameter(f'There is no queue "{key}" in the file. Known: {known}.')
    return queue


def _template(queue: Queue, wanted: str | None) -> str | None:
    if wanted is not None and wanted not in queue.templates:
        known = ", ".join(queue.templates) or "none"
        raise typer.BadParameter(f'{queue.name} does not offer the template "{wanted}". Known: {known}.')
    return wanted or next(iter(queue.templates), None)


def _field(written: str) -> tuple[str, str]:
    name, equals, value = written.partition("=")
    if not (name and equals):
        raise typer.BadParameter(f'"{written}" is not a field with a value. Write it like plan=gold.')
    return name, value


def _ahead(written: str, start: datetime, calendar: Calendar | None) -> datetime:
    wanted = instant(written, calendar)
    if wanted <= start:
        raise typer.BadParameter(f'"{written}" is not after --at. Give a later time.')
    return wanted


def _plain(promise: ClockForecast) -> dict[str, Any]:
    """A clock's forecast as JSON."""
    return {
        "clock": promise.clock.value,
        "target_s": promise.target_s,
        "due_at": iso_utc(promise.due_at),
        "wall": promise.wall,
        "rule": promise.rule,
        "explanation": promise.explanation,
        "in_short": promise.in_short,
        "levels": [_plain_step(step) for step in promise.steps],
    }


def _plain_step(step: Step) -> dict[str, Any]:
    level = step.level
    return {
        "key": step.key,
        "at": forecast_lines.due_point(step),
        "due_at": iso_utc(step.due_at),
        "tell": level.tell,
        "do": level.do,
        "within_s": level.within_s or None,
        "to": level.to,
    }


def _show(queue: Queue, handoff: Handoff, calendar: Calendar | None, found: list[ClockForecast]) -> None:
    """Print each clock with its levels, in the calendar's time zone."""
    screen = Console(highlight=False)
    console = screen if screen.is_terminal else Console(highlight=False, width=_WIDTH)
    words, starts = forecast_lines.heading(handoff, calendar)
    with console.capture() as drawn:
        console.print(f"[bold]{escape(queue.name)}[/bold], {escape(words)}", soft_wrap=True)
        console.print(starts, soft_wrap=True)
        for one in forecast_lines.clock_lines(found, calendar):
            console.print(f"\n[bold]{one.clock}[/bold]: {one.target}", soft_wrap=True)
            console.print(f"  {escape(one.in_short)}", soft_wrap=True)
            console.print(_steps(one))
    print_lines(*(line.rstrip() for line in drawn.get().rstrip().splitlines()))


def _steps(lines: ClockLines) -> Table:
    """A table with a line per step: its key, its due point, the due time, and what happens then."""
    table = Table.grid(padding=(0, 2, 0, 0))
    for step in lines.steps:
        table.add_row("", *map(escape, (step.key, step.due_point, step.due, step.happens)))
    return table
