"""`baton hours`: add, subtract and measure a calendar's working time."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from slackapp.cli.arguments import ConfigFile, calendar, duration, instant
from slackapp.cli.console import AsJson, iso_utc, print_json, print_lines
from slackapp.clocks.rules import business_hours, durations
from slackapp.clocks.rules.explanation import explain, one_line
from slackapp.company.rules.read import read_file
from storage.clocks.model import Calendar

group = typer.Typer(help="Calculate with a calendar's working hours.", no_args_is_help=True)

CalendarKey = Annotated[str, typer.Option("--calendar", help="The calendar's key in the file.")]
Start = Annotated[
    str,
    typer.Option("--start", help="The start: 2026-11-20T14:30, in the calendar's zone unless it has an offset."),
]


Span = Annotated[str, typer.Option("--duration", help="Such as 90m, 2h, 1d, or '24h wall'.")]
End = Annotated[str, typer.Option("--end", help="The end: 2026-11-20T17:00, written like --start.")]


@group.command()
def add(
    config: ConfigFile, calendar_key: CalendarKey, start: Start, duration_text: Span, *, as_json: AsJson = False
) -> None:
    """Calculate when a duration of open time ends."""
    hours = calendar(read_file(config).company, calendar_key)
    since, span = instant(start, hours), duration(duration_text)
    runs_by = business_hours.ALWAYS if span.wall else hours
    seconds = durations.seconds(span, hours)
    due_at = business_hours.add(runs_by, since, seconds)
    _must_fit(runs_by, since, due_at, seconds)
    explanation = explain(hours, since, seconds, wall=span.wall)
    if as_json:
        print_json({"due_at": iso_utc(due_at), "explanation": explanation})
    else:
        print_lines(iso_utc(due_at), *explanation, one_line(hours, since, seconds, wall=span.wall))


@group.command()
def subtract(
    config: ConfigFile, calendar_key: CalendarKey, end: End, duration_text: Span, *, as_json: AsJson = False
) -> None:
    """Calculate when a duration of open time has to begin to end at a given time."""
    hours = calendar(read_file(config).company, calendar_key)
    until, span = instant(end, hours), duration(duration_text)
    runs_by = business_hours.ALWAYS if span.wall else hours
    seconds = durations.seconds(span, hours)
    start_at = business_hours.subtract(runs_by, until, seconds)
    _must_fit(runs_by, start_at, until, seconds)
    explanation = explain(hours, start_at, seconds, wall=span.wall)
    if as_json:
        print_json({"start_at": iso_utc(start_at), "explanation": explanation})
    else:
        print_lines(iso_utc(start_at), *explanation, one_line(hours, start_at, seconds, wall=span.wall))


@group.command()
def between(
    config: ConfigFile,
    calendar_key: CalendarKey,
    start: Start,
    end: End,
    *,
    as_json: AsJson = False,
) -> None:
    """Calculate how much open time is between two times."""
    hours = calendar(read_file(config).company, calendar_key)
    since, until = instant(start, hours), instant(end, hours)
    if until < since:
        raise typer.BadParameter("The end is before the start. Give the earlier time as --start.")
    seconds = business_hours.between(hours, since, until)
    if as_json:
        print_json({"seconds": int(seconds) if seconds.is_integer() else seconds})
    else:
        print_lines(f"{durations.format_seconds(round(seconds))} of working time.")


def _must_fit(hours: Calendar | None, start: datetime, end: datetime, seconds: int) -> None:
    """Check that a duration fits into the hundred years that are searched.

    Raises:
        typer.BadParameter: It does not fit.
    """
    if business_hours.between(hours, start, end) < seconds:
        raise typer.BadParameter("There is not that much working time in a hundred years. Give a shorter --duration.")
