"""The command line program `baton` with all its commands."""

from __future__ import annotations

from typing import Annotated

import typer

from slackapp.cli import check, config, database, demo, hours, manifest, run, sla
from slackapp.cli.console import print_lines
from slackapp.runtime import version


def program() -> typer.Typer:
    """Build the command line."""
    baton = typer.Typer(
        name="baton",
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
    )
    baton.callback()(_options)
    baton.command()(demo.demo)
    baton.command()(run.run)
    baton.command()(check.check)
    baton.add_typer(database.group, name="db")
    baton.add_typer(config.group, name="config")
    baton.command()(manifest.manifest)
    baton.add_typer(hours.group, name="hours")
    baton.add_typer(sla.group, name="sla")
    return baton


def _print_version(wanted: bool) -> None:
    if wanted:
        print_lines(f"baton {version.version()} (build {version.build()}, Python {version.python()})")
        raise typer.Exit


def _options(
    *,
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print version and build.")
    ] = False,
) -> None:
    """Hand work from one person or team to another without dropping it, in Slack."""
