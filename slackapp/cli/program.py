"""The command line program `baton` with all its commands."""

from __future__ import annotations

import typer

from slackapp.cli import check, config, database, demo, hours, manifest, run, sla


def program() -> typer.Typer:
    """Build the command line."""
    baton = typer.Typer(
        name="baton",
        help="Hand work from one person or team to another without dropping it, in Slack.",
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
    )
    baton.command()(demo.demo)
    baton.command()(run.run)
    baton.command()(check.check)
    baton.add_typer(database.group, name="db")
    baton.add_typer(config.group, name="config")
    baton.command()(manifest.manifest)
    baton.add_typer(hours.group, name="hours")
    baton.add_typer(sla.group, name="sla")
    return baton
