"""Probes of the database: is it reachable, is it migrated, are deadlines or messages overdue, are all clocks sound."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from os import R_OK, W_OK, X_OK, access
from pathlib import Path
from typing import Final

from slackapp.clocks.rules.invariants import FaultKind
from slackapp.directory.actions import sweep_progress
from slackapp.escalation.actions.clock_sweep import examine
from slackapp.operations.checkup.findings import Finding, bad, good
from slackapp.operations.checkup.people import NamedPeople, named_people
from slackapp.operations.metrics import REFUSED_FOR
from slackapp.runtime.baton import Baton
from slackapp.slack.block_kit.phrases import counted
from slackapp.slack.error_codes import explain
from storage.clocks import policies, timers
from storage.company import people, queues, webhooks, workspaces
from storage.db.database import Database
from storage.db.engines import parse_url
from storage.db.sqlite_file import FileLock, path_of
from storage.db.upgrade import pending
from storage.outbox import outbox

_LATE: Final = timedelta(minutes=2)
"""Lateness from which on a due deadline or message means that no Baton is running."""
_MOST: Final = 20_000
"""Handoffs whose clocks a check-up examines; the hourly sweep examines all of them."""
_FAULTS: Final = {
    FaultKind.OUTLIVED: "runs after the end",
    FaultKind.STRAY: "runs although it doesn't apply",
    FaultKind.RUNS_ON: "runs instead of being paused",
    FaultKind.NOT_RUNNING: "is paused instead of running",
    FaultKind.MISARMED: "is set to the wrong time",
    FaultKind.LOST: "is missing",
}
_IS_IT_RUNNING: Final = "Check that `baton run` is running, and read its log."


def database_findings(url: str) -> Iterator[Finding]:
    """Check that the database answers and all migrations were applied. Never creates a SQLite file."""
    try:
        file = path_of(parse_url(url))
    except ValueError as problem:
        yield bad(f"BATON_DATABASE_URL cannot be used: {problem}", "Write sqlite:///baton.db or postgresql+psycopg://…")
        return
    problems = list(_file_problems(file)) if file else []
    yield from problems
    if problems:
        return
    if file and not file.exists() and FileLock(file).path.exists():
        yield bad(
            f"The database {file}, which Baton used before, is missing.",
            "Put it back or restore a backup. To start with an empty one, run `baton db upgrade`.",
        )
        return
    if file and not file.exists():
        yield good(f"There is no database at {file} yet. The first `baton run` creates it.")
        return
    missing = pending(url)
    if missing:
        yield bad(f"The database lacks these migrations: {', '.join(missing)}.", "Run `baton db upgrade`.")
    else:
        yield good("The database answers and is up to date.")


def is_not_created_yet(url: str) -> bool:
    """Whether the database is a SQLite file that does not exist yet."""
    try:
        path = path_of(parse_url(url))
    except ValueError:
        return False
    return path is not None and not path.exists()


def _file_problems(file: Path) -> Iterator[Finding]:
    """What keeps this user from using a SQLite file, or from making it."""
    folder = file.parent
    if file.is_dir():
        yield bad(
            f"BATON_DATABASE_URL names {file}, which is a folder.", f"Name a file in it: sqlite:///{file / 'baton.db'}"
        )
    elif not folder.is_dir():
        yield bad(f"The database's folder {folder} does not exist.", "Create it, or correct BATON_DATABASE_URL.")
    elif not access(folder, W_OK | X_OK):
        yield bad(
            f"This user can't write to {folder}, where the database is.",
            "Give the user who runs Baton write access, or correct BATON_DATABASE_URL.",
        )
    elif file.exists() and not access(file, R_OK | W_OK):
        yield bad(
            f"This user can't read and write the database {file}.",
            "Make the user who runs Baton the owner of the file, or run this as that user.",
        )


def write_findings(db: Database) -> Iterator[Finding]:
    """Check that the database can be written, with a row that is rolled back."""
    db.ping()
    yield good("The database can be written.")


def backlog_findings(db: Database, now: datetime) -> Iterator[Finding]:
    """Check for overdue deadlines and messages, which mean that no Baton is running."""
    with db.reading() as tx:
        armed, overdue_since = timers.count_armed_and_oldest_due(tx, now)
        waiting, oldest = outbox.count_due_and_oldest(tx, now)
    if overdue_since is not None and now - overdue_since > _LATE:
        yield bad(f"A deadline passed at {_utc(overdue_since)} and Baton did not act on it.", _IS_IT_RUNNING)
    else:
        yield good(f"No deadline is overdue. Timers running: {armed}.")
    if oldest is not None and now - oldest > _LATE:
        yield bad(f"Messages waiting to be sent: {waiting}, the oldest since {_utc(oldest)}.", _IS_IT_RUNNING)
    else:
        yield good(f"Messages waiting to be sent: {waiting}.")


def refusal_findings(db: Database, now: datetime) -> Iterator[Finding]:
    """Check for messages that Slack refuses again and again, and say who can do something about it."""
    with db.reading() as tx:
        found = outbox.list_refused(tx, now - REFUSED_FOR)
    for refused in found:
        cause, remedy = explain(refused.code)
        yield bad(
            f"Messages that Slack refuses: {refused.count}, the first since {_utc(refused.since)}, "
            f"because {cause} ({refused.code}).",
            remedy,
        )
    if not found:
        yield good("No message is refused repeatedly by Slack.")


def clock_findings(baton: Baton) -> Iterator[Finding]:
    """Check that every open handoff has the right clocks, each armed for the right instant."""
    seen = examine(baton, _MOST)
    looked = counted(seen.handoffs, "unfinished handoff")
    if seen.handoffs >= _MOST:
        looked = f"the first {looked}"
    if not seen.faults:
        yield good(f"The timers of {looked} are correct.")
        return
    named = ", ".join(f"{clock} {_FAULTS[kind]} ({count})" for (kind, clock), count in sorted(seen.faults.items()))
    yield bad(
        f"Some timers of {looked} are wrong: {named}.",
        "`baton run` fixes them within the hour and records it in each handoff's history. Please report it.",
    )


def directory_findings(db: Database, workspace: str) -> Iterator[Finding]:
    """Say how far Baton has come with reading people from Slack; nothing before it has begun."""
    with db.reading() as tx:
        found = sweep_progress.read(tx, workspace)
    if found is None:
        return
    if found.running:
        whole = f", last whole at {_utc(found.done_at)}" if found.done_at else ""
        yield good(f"People are being read from Slack since {_utc(found.began_at)}: {found.people} so far{whole}.")
    elif found.done_at is not None:
        yield good(f"People, groups and channels were read from Slack at {_utc(found.done_at)}: {found.people} people.")


def webhook_findings(db: Database, workspace: str, *, signed: bool) -> Iterator[Finding]:
    """Check that calls to webhooks are signed, so that receivers can verify them."""
    with db.reading() as tx:
        keys = [webhook.key for webhook in webhooks.list_all(tx, workspace)]
    if not keys:
        return
    if signed:
        yield good(f"Webhooks are signed: {', '.join(keys)}.")
    else:
        yield good(
            f"Webhooks are sent without a signature: {', '.join(keys)}. Receivers can't tell that they come from "
            f"Baton. Set BATON_WEBHOOK_SECRET to sign them."
        )


def config_findings(db: Database, workspace: str, digest: str) -> Iterator[Finding]:
    """Say whether the configuration file is in force, or will be after the next start."""
    with db.reading() as tx:
        stored = workspaces.get(tx, workspace)
    in_force, before = (stored.config_digest, stored.start_digest) if stored else (None, None)
    if in_force == digest:
        yield good("The configuration file is in force.")
    elif before == digest:
        yield good(
            "The configuration file was applied but is not in force: another file was applied later, or something "
            "was changed in Slack. A restart doesn't change that.",
            "`baton config diff` shows what the file would change; `baton config apply` applies it.",
        )
    else:
        over = " and replaces the one in force" if before != in_force else ""
        yield good(
            f"The configuration file has changed: the next start applies it{over}.",
            "`baton config diff` shows what it changes.",
        )


def stored_company(db: Database, workspace: str) -> NamedPeople:
    """The queues stored in the database, and whom its configuration names."""
    with db.reading() as tx:
        stored = workspaces.get(tx, workspace)
        return named_people(
            queues=queues.list_all(tx, workspace),
            policies=policies.list_policies(tx, workspace),
            admins=stored.admins if stored else (),
            managers=people.get_managers(tx, workspace),
            calendars_of=people.get_own_calendars(tx, workspace),
        )


def stored_zones(db: Database, workspace: str) -> list[str]:
    """The time zones of the calendars stored in the database."""
    with db.reading() as tx:
        return [calendar.timezone for calendar in policies.list_calendars(tx, workspace)]


def _utc(instant: datetime) -> str:
    return f"{instant:%Y-%m-%d %H:%M} UTC"
