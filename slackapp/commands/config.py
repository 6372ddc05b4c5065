"""`baton config`: the company's configuration file and what is stored of it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from slackapp.commands.ledger import WorkspaceId, opened, workspace_of
from slackapp.commands.reading import ConfigFile
from slackapp.commands.speech import FAILED, AsJson, FailedError, complain, say, say_json
from slackapp.configuration.problems import ConfigurationError, Problem
from slackapp.configuration.read import read_file
from slackapp.configuration.write import write
from slackapp.usecases import configure

group = typer.Typer(help="Check, apply and export the company's file.", no_args_is_help=True)


@group.command()
def check(config: ConfigFile, *, as_json: AsJson = False) -> None:
    """Say everything that is wrong with the file.

    Each problem comes with its line and how to mend it.
    """
    try:
        found = read_file(config)
    except ConfigurationError as error:
        if not as_json:
            raise
        say_json({"ok": False, "problems": list(map(_plain, error.problems)), "notices": []})
        raise typer.Exit(FAILED) from None
    if as_json:
        say_json({"ok": True, "problems": [], "notices": list(map(_plain, found.notices))})
        return
    company = found.company
    say(*(f"Notice: {notice}" for notice in found.notices))
    counts = (
        _count(len(company.queues), "queue", "queues"),
        _count(len(company.policies), "policy", "policies"),
        _count(len(company.calendars), "calendar", "calendars"),
    )
    say(f"{config} is in order: {', '.join(counts)}.")


@group.command()
def diff(config: ConfigFile, workspace: WorkspaceId = None, *, as_json: AsJson = False) -> None:
    """Say what applying the file would change."""
    company = read_file(config).company
    with opened() as baton:
        team = workspace_of(baton, workspace)
        with baton.db.reading() as tx:
            changes = configure.diff(tx, team, company)
            refusals = configure.refusals(tx, team, company)
    if as_json:
        say_json({"changes": changes, "refusals": refusals})
        return
    say(*(changes or ["Nothing would change."]))
    complain(f"It cannot be applied now: {reason}" for reason in refusals)


@group.command()
def apply(config: ConfigFile, workspace: WorkspaceId = None, *, as_json: AsJson = False) -> None:
    """Apply the file: all of it, or nothing."""
    found = read_file(config)
    with opened() as baton:
        outcome = configure.apply(baton, workspace_of(baton, workspace), found.company, found.digest)
    if isinstance(outcome, configure.NotApplied):
        raise FailedError(*outcome.reasons, "Nothing was changed.")
    if as_json:
        say_json({"changes": outcome.sentences})
    else:
        say(*(f"Notice: {notice}" for notice in found.notices), *(outcome.sentences or ["Nothing had to change."]))


@group.command()
def export(
    workspace: WorkspaceId = None,
    output: Annotated[Path | None, typer.Option("--output", help="Write to this new file, not to the screen.")] = None,
) -> None:
    """Write what is stored as a configuration file."""
    with opened() as baton:
        team = workspace_of(baton, workspace)
        with baton.db.reading() as tx:
            text = write(configure.export(tx, team))
    if output is None:
        typer.echo(text, nl=False)
        return
    try:
        with output.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise FailedError(f"{output} cannot be written: {error.strerror or error}.") from None
    say(f"Written to {output}.")


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _plain(problem: Problem) -> dict[str, Any]:
    return {"line": problem.line, "path": problem.path, "what": problem.what, "mend": problem.mend}
