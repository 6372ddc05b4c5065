"""`baton db`: migrate the database."""

from __future__ import annotations

import typer

from slackapp.commands.speech import AsJson, say, say_json
from slackapp.runtime.settings import database_url
from storage.db.upgrade import upgrade

group = typer.Typer(help="Look after the database.", no_args_is_help=True)


@group.callback()
def _only_groups_need_this() -> None:
    """Look after the database."""


@group.command(name="upgrade")
def upgrade_database(*, as_json: AsJson = False) -> None:
    """Bring the database up to date.

    It is the one that BATON_DATABASE_URL names. Safe to run again, and from several machines at once.
    """
    applied = upgrade(database_url())
    if as_json:
        say_json({"applied": applied})
    elif applied:
        say(f"The database is up to date. Applied: {', '.join(applied)}.")
    else:
        say("The database was up to date already.")
