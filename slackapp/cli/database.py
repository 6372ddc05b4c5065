"""`baton db`: migrate and measure the database."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from slackapp.cli.console import AsJson, FailedError, print_json, print_lines
from slackapp.runtime.baton import Baton
from slackapp.runtime.clock import SystemClock
from slackapp.runtime.settings import database_url, keep_days
from storage.clocks import growth
from storage.company import workspaces
from storage.db.database import Database
from storage.db.engines import parse_url
from storage.db.sqlite_file import FileLock, path_of
from storage.db.upgrade import pending, upgrade

group = typer.Typer(help="Manage the database.", no_args_is_help=True)


@group.command(name="upgrade")
def upgrade_database(*, as_json: AsJson = False) -> None:
    """Upgrade the database that BATON_DATABASE_URL names.

    A SQLite file that does not exist is created. Safe to run again, and from several machines at once.
    """
    url = database_url()
    path = path_of(parse_url(url))
    is_new = path is not None and not path.exists()
    applied = _upgraded_alone(url, path) if path is not None and (is_new or pending(url)) else upgrade(url)
    if as_json:
        print_json({"applied": applied})
        return
    if is_new:
        print_lines(f"Created the database {path}.")
    if applied:
        print_lines(f"The database is up to date. Applied: {', '.join(applied)}.")
    else:
        print_lines("The database was up to date already.")


@group.command(name="size")
def size_of_database(*, as_json: AsJson = False) -> None:
    """Show the size of each kind of data, and how much pruning would free.

    Reads every row, so it takes a while on a large database.
    """
    with open_database() as baton:
        days = keep_days()
        with baton.db.reading() as tx:
            found = growth.measure(tx, baton.clock.now() - timedelta(days=days))
    if as_json:
        print_json(
            {
                "total_bytes": found.total,
                "unused_bytes": found.unused,
                "keep_days": days,
                "prunable_handoffs": found.prunable_handoffs,
                "prunable_bytes": found.prunable,
                "tables": [{"name": one.name, "rows": one.rows, "bytes": one.size} for one in found.tables],
            }
        )
        return
    print_lines(
        *(f"{one.name:<18}{one.rows:>12,} rows{_kb(one.size):>14}" for one in found.tables if one.rows),
        "",
        f"The database takes {_kb(found.total)}, of which {_kb(found.unused)} are free inside it.",
        f"Handoffs that ended more than {days} days ago and are not pruned yet: {found.prunable_handoffs:,}. "
        f"`baton run` prunes them once a day, which frees about {_kb(found.prunable)}.",
    )


def _kb(size: int | None) -> str:
    return "unknown" if size is None else f"{math.ceil(size / 1000):,} kB"


def _upgraded_alone(url: str, path: Path) -> list[str]:
    """Upgrade a SQLite file on which no Baton runs; an older one would go on with tables that have changed."""
    lock = FileLock(path)
    lock.acquire()
    try:
        return upgrade(url)
    finally:
        lock.release()


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
    from slackapp.registers import REGISTERS  # noqa: PLC0415 - Slack's libraries are loaded only by those who need them

    url = database_url()
    path = path_of(parse_url(url))
    if path is not None and not path.exists():
        raise FailedError(f"There is no database at {path} yet. Run: baton db upgrade")
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
        raise FailedError(f"The database has no workspace {wanted}. Known workspaces: {', '.join(known) or 'none'}.")
    if wanted is None and not known:
        raise FailedError(
            "The database has no Slack workspace yet. Start Baton once with your tokens (baton run); "
            "it also applies the file that BATON_CONFIG names."
        )
    if wanted is None and len(known) > 1:
        raise FailedError(f"The database has several workspaces: {', '.join(known)}. Name one with --workspace.")
    return wanted or known[0]
