"""`baton db`: migrate the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Final

import typer

from slackapp.cli.console import AsJson, FailedError, print_json, print_lines
from slackapp.runtime.baton import Baton
from slackapp.runtime.clock import SystemClock
from slackapp.runtime.settings import database_url
from storage.company import workspaces
from storage.db.database import Database
from storage.db.upgrade import pending, upgrade

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
        print_json({"applied": applied})
    elif applied:
        print_lines(f"The database is up to date. Applied: {', '.join(applied)}.")
    else:
        print_lines("The database was up to date already.")


_SQLITE: Final = "sqlite:///"

WorkspaceId = Annotated[
    str | None, typer.Option("--workspace", help="The Slack team id (T...); needed only if the database has several.")
]


@contextmanager
def open_database() -> Iterator[Baton]:
    """Open the database of `BATON_DATABASE_URL` for a block, without Slack.

    Raises:
        SettingsError: The address cannot be used.
        FailedError: There is no database yet, or it is not up to date.
    """
    from slackapp.app import REGISTERS  # noqa: PLC0415 - Slack's libraries are loaded only by those who need them

    url = database_url()
    file = Path(url.removeprefix(_SQLITE))
    if url.startswith(_SQLITE) and not file.exists():  # looking would make an empty one
        raise FailedError(f"There is no database at {file} yet. Run: baton db upgrade")
    if pending(url):
        raise FailedError("The database is not up to date. Run: baton db upgrade")
    database = Database.open(url)
    try:
        yield Baton(db=database, clock=SystemClock(), effects=REGISTERS.effects)
    finally:
        database.close()


def choose_workspace(baton: Baton, wanted: str | None) -> str:
    """Id of the workspace to work on: the one that was named, or the only one there is.

    Raises:
        FailedError: The database has no such workspace, none at all, or several and none was named.
    """
    with baton.db.reading() as tx:
        known = [workspace.id for workspace in workspaces.list_all(tx)]
    if wanted is not None and wanted not in known:
        raise FailedError(f"The database knows no workspace {wanted}. It has: {', '.join(known) or 'none'}.")
    if wanted is None and not known:
        raise FailedError(
            "The database knows no Slack workspace yet. Start Baton once with your tokens (baton run); "
            "it also applies the file that BATON_CONFIG names."
        )
    if wanted is None and len(known) > 1:
        raise FailedError(f"The database has several workspaces: {', '.join(known)}. Name one with --workspace.")
    return wanted or known[0]
