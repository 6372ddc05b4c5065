"""Apply a company's configuration file to the database.

Only what the file owns is touched: what belongs to Slack stays as it is, and the file must fit to it. A changed policy
becomes a new version, and running clocks keep the version they started with.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from slackapp.company.actions.store import ChangeStamp, store
from slackapp.company.model import Company, StoredCompany
from slackapp.company.queries import load
from slackapp.company.rules.changes.differences import differences, title
from slackapp.company.rules.changes.merge import merged, taken
from slackapp.company.rules.checks import problems
from slackapp.company.rules.read import Reading
from slackapp.runtime.baton import Baton
from slackapp.templates.actions import LOCK, install_shipped
from storage.company import queues, workspaces
from storage.db.database import Tx
from storage.handoffs import handoffs


@dataclass(frozen=True, kw_only=True)
class Changes:
    """A company was applied: its changes as sentences; none if nothing differed.

    `over_later`: it replaced what the file had not said before, but another file or somebody in Slack.
    """

    sentences: tuple[str, ...] = ()
    over_later: bool = False


@dataclass(frozen=True, kw_only=True)
class LeftAsItIs:
    """A file was not applied: its content is the same as last time, and something else was applied or changed since."""


@dataclass(frozen=True, kw_only=True)
class NotApplied:
    """A company was not applied and nothing has changed: the reasons, as sentences that say what to do."""

    reasons: tuple[str, ...]


def apply(
    baton: Baton, workspace: str, company: Company, digest: str, file: Path | None = None
) -> Changes | NotApplied:
    """Apply a company, even if it was applied before. `digest` is the fingerprint of its `file`."""
    now = baton.clock.now()

    def work(tx: Tx) -> Changes | NotApplied:
        baton.db.lock(tx, LOCK)
        baton.lock_facts(tx)
        outcome = _apply(tx, workspace, company, digest, ChangeStamp(at=now, file=file.name if file else None))
        stored = workspaces.get(tx, workspace)
        if isinstance(outcome, Changes) and file and stored and stored.start_file == str(file.resolve()):
            workspaces.set_start_file(tx, workspace, digest, stored.start_file)
        return outcome

    outcome = baton.db.run_transaction(work)
    if isinstance(outcome, Changes):
        baton.wake_tick()
        baton.wake_pump()
    return outcome


def apply_at_start(
    baton: Baton, workspace: str, reading: Reading, file: Path
) -> Changes | NotApplied | LeftAsItIs | None:
    """Apply the file of `BATON_CONFIG` if its content has changed since it was last applied; None if it is in force.

    So nothing that was applied from another file or changed in Slack meanwhile is undone by a restart.
    """
    now = baton.clock.now()

    def work(tx: Tx) -> Changes | NotApplied | LeftAsItIs | None:
        baton.db.lock(tx, LOCK)
        baton.lock_facts(tx)
        stored = workspaces.get(tx, workspace)
        in_force, before = (stored.config_digest, stored.start_digest) if stored else (None, None)
        if before == reading.digest != in_force:
            return LeftAsItIs()
        outcome = None
        if in_force != reading.digest:
            outcome = _apply(tx, workspace, reading.company, reading.digest, ChangeStamp(at=now, file=file.name))
            if isinstance(outcome, NotApplied):
                return outcome
            outcome = replace(outcome, over_later=before != in_force)
        workspaces.set_start_file(tx, workspace, reading.digest, str(file.resolve()))
        return outcome

    outcome = baton.db.run_transaction(work)
    if isinstance(outcome, Changes):
        baton.wake_tick()
        baton.wake_pump()
    return outcome


def install_templates(baton: Baton, workspace: str) -> None:
    """Store the templates that come with this version of Baton, at start and also without a file."""

    def work(tx: Tx) -> None:
        baton.db.lock(tx, LOCK)
        install_shipped(tx, workspace)

    baton.db.run_transaction(work)


def diff(tx: Tx, workspace: str, company: Company) -> tuple[str, ...]:
    """The changes that applying a company would make, as sentences."""
    stored = load(tx, workspace)
    return differences(stored.company, merged(stored, company))


def refusals(tx: Tx, workspace: str, company: Company) -> tuple[str, ...]:
    """The reasons why a company cannot be applied now, as sentences; empty if it can."""
    stored = load(tx, workspace)
    return tuple(_refusals(tx, stored, company, merged(stored, company), workspace))


def _apply(tx: Tx, workspace: str, company: Company, digest: str, change: ChangeStamp) -> Changes | NotApplied:
    stored = load(tx, workspace)
    wanted = merged(stored, company)
    kept = {queue.key for queue in wanted.queues}
    queues.lock_for_removal(tx, workspace, {queue.key for queue in stored.company.queues} - kept)
    reasons = tuple(_refusals(tx, stored, company, wanted, workspace))
    if reasons:
        return NotApplied(reasons=reasons)
    sentences = store(tx, workspace, stored, wanted, change)
    workspaces.set_digest(tx, workspace, digest)
    return Changes(sentences=sentences)


def _refusals(tx: Tx, stored: StoredCompany, file: Company, wanted: Company, workspace: str) -> Iterator[str]:
    live = handoffs.count_live_by_queue(tx, workspace)
    for queue in stored.company.queues:
        if wanted.queue(queue.key) is None and live.get(queue.key):
            yield (
                f'Queue "{queue.key}" is no longer in the file, but {_count(live[queue.key])} not finished. '
                "Finish, cancel or pass them on first, or put the queue back in the file."
            )
    for ref in taken(stored.company, file):
        yield (
            f"{title(ref)} belongs to Slack. Remove it from the file, list it under in_slack, or hand it to the file "
            "with `baton config adopt`."
        )
    if wanted.in_slack:
        yield from map(str, problems(wanted))


def _count(number: int) -> str:
    return "one handoff in it is" if number == 1 else f"{number} handoffs in it are"
