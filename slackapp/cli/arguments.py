"""Parse arguments that several commands take: the configuration file, a calendar in it, instants and durations."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Final

import typer

from slackapp.clocks.rules import business_hours, durations
from slackapp.company.model import Company
from storage.clocks.model import Calendar, Duration

ConfigFile = Annotated[
    Path,
    typer.Option("--config", envvar="BATON_CONFIG", show_envvar=True, help="The company's configuration file."),
]

_YEARS: Final = (1900, 2999)


def calendar(company: Company, key: str) -> Calendar:
    """The company's calendar with this key.

    Raises:
        typer.BadParameter: The company has no such calendar.
    """
    found = company.calendar(key)
    if found is None:
        known = ", ".join(calendar.key for calendar in company.calendars) or "none"
        raise typer.BadParameter(f'There is no calendar "{key}" in the file. Known: {known}.')
    return found


def instant(written: str, where: Calendar | None) -> datetime:
    """Parse an ISO 8601 time; without an offset it is in the zone of the calendar `where`.

    Raises:
        typer.BadParameter: The text is no such time, or its year is out of range.
    """
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        raise typer.BadParameter(f'"{written}" is not a time. Write it like 2026-11-20T14:30.') from None
    if not _YEARS[0] <= moment.year <= _YEARS[1]:
        raise typer.BadParameter(f'"{written}" is too far away. Write a year from {_YEARS[0]} to {_YEARS[1]}.')
    return business_hours.to_local(where, moment)


def duration(written: str) -> Duration:
    """Parse a duration such as `90m` or `24h wall`.

    Raises:
        typer.BadParameter: The text is no duration.
    """
    try:
        return durations.parse(written)
    except durations.DurationError as error:
        raise typer.BadParameter(str(error)) from None
