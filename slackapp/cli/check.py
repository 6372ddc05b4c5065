"""`baton check`: examine tokens, channels, people, database and configuration, and print what is missing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import typer

from slackapp.cli.console import FAILED, AsJson, print_json, print_lines
from slackapp.company.rules.read import Reading, read_file
from slackapp.runtime.settings import Settings, SettingsError
from slackapp.yaml_files.problems import ConfigurationError


@dataclass(frozen=True, kw_only=True)
class Line:
    """One checked thing: whether it is in order, a sentence about it, and how to fix it if need be."""

    ok: bool
    what: str
    remedy: str = ""


def check(*, as_json: AsJson = False) -> None:
    """Check the installation and show how to fix what is wrong.

    Checks the settings, the database, the configuration and Slack. Changes nothing.
    """
    lines = list(_lines())
    ok = all(line.ok for line in lines)
    if as_json:
        print_json({"ok": ok, "findings": [{"ok": n.ok, "what": n.what, "remedy": n.remedy} for n in lines]})
    else:
        print_lines(
            *(_sentence(line) for line in lines), "", "Everything is in order." if ok else "Some checks failed."
        )
    if not ok:
        raise typer.Exit(FAILED)


def _sentence(line: Line) -> str:
    return f"{'fine ' if line.ok else 'WRONG'}  {' '.join(filter(None, (line.what, line.remedy)))}"


def _lines() -> Iterator[Line]:
    try:
        settings = Settings.read()
    except SettingsError as error:
        yield from (Line(ok=False, what=f"{found.name} {found.what}", remedy=found.mend) for found in error.problems)
        return
    mode = "Socket Mode" if settings.socket_mode else "HTTP mode"
    yield Line(ok=True, what=f"The settings are complete, for {mode}.")
    reading: Reading | None = None
    if settings.config is not None:
        try:
            reading = read_file(settings.config)
        except ConfigurationError as error:
            yield from (Line(ok=False, what=f"{settings.config}: {problem}") for problem in error.problems)
        else:
            yield Line(ok=True, what=f"The configuration file {settings.config} can be used.")
            yield from (Line(ok=True, what=f"Notice: {notice}") for notice in reading.notices)
    yield from _examined(settings, reading)


def _examined(settings: Settings, reading: Reading | None) -> Iterator[Line]:
    """Examine Slack and the database; without a file, whom the stored configuration names."""
    from slackapp.operations.checkup.examine import examine  # noqa: PLC0415 - Slack's libraries are loaded only when needed
    from slackapp.operations.checkup.people import named_people  # noqa: PLC0415 - as above

    app_token = settings.app_token.get_secret_value() if settings.app_token else None
    named = None
    if reading is not None:
        company = reading.company
        named = named_people(
            queues=company.queues,
            policies=company.policies,
            admins=company.admins,
            managers=company.managers,
            calendars_of=company.calendars_of,
        )
    for finding in examine(
        bot_token=settings.bot_token.get_secret_value(),
        api_url=settings.api_url,
        database_url=settings.database_url,
        app_token=app_token,
        named=named,
        zones=[calendar.timezone for calendar in reading.company.calendars] if reading else None,
        digest=reading.digest if reading else None,
        admin_host=settings.admin_host,
        admin_port=settings.admin_port,
        signs_webhooks=settings.webhook_secret is not None,
    ):
        yield Line(ok=finding.ok, what=finding.what, remedy=finding.remedy)
