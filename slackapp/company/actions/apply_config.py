"""Apply a company's configuration file to the database.

Only what the file owns is touched: what belongs to Slack stays as it is, and the file must fit to it. A changed policy
becomes a new version, and running clocks keep the version they started with.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from slackapp.company.actions.open_work import move_open_work
from slackapp.company.actions.store import ChangeStamp, store
from slackapp.company.model import Company
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

MOVE_OPEN_WORK: Final = "--move-open-work"
"""The option that says where the open work of a removed queue goes."""
NO_MOVES: Final[Mapping[str, str]] = {}


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
    baton: Baton,
    workspace: str,
    company: Company,
    digest: str,
    file: Path | None = None,
    *,
    moves: Mapping[str, str] = NO_MOVES,
    operator: str | None = None,
) -> Changes | NotApplied:
    """Apply a company, even if it was applied before.

    Args:
        baton: the running Baton.
        workspace: the workspace.
        company: what the file says.
        digest: the fingerprint of the file's content.
        file: the file.
        moves: where the open work of queues goes that are no longer in the file: old key → new key.
        operator: the user of the operating system who applies it.
    """
    now = baton.clock.now()

    def work(tx: Tx) -> Changes | NotApplied:
        baton.db.lock(tx, LOCK)
        baton.lock_facts(tx)
        change = ChangeStamp(at=now, file=file.name if file else None, operator=operator)
        outcome = _apply(tx, baton, workspace, Reading(company=company, notices=(), digest=digest), change, moves)
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
            outcome = _apply(tx, baton, workspace, reading, ChangeStamp(at=now, file=file.name), NO_MOVES)
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


def refusals(tx: Tx, workspace: str, company: Company, moves: Mapping[str, str] = NO_MOVES) -> tuple[str, ...]:
    """The reasons why a company cannot be applied now, as sentences; empty if it can."""
    stored = load(tx, workspace)
    wanted = merged(stored, company)
    return (*_open_work(tx, workspace, stored.company, wanted, moves), *_conflicts(stored.company, company, wanted))


def _apply(  # noqa: PLR0917 - what is applied, where, by whom
    tx: Tx, baton: Baton, workspace: str, reading: Reading, change: ChangeStamp, moves: Mapping[str, str]
) -> Changes | NotApplied:
    stored = load(tx, workspace)
    wanted = merged(stored, reading.company)
    gone = [queue for queue in stored.company.queues if wanted.queue(queue.key) is None]
    queues.lock_for_removal(tx, workspace, {queue.key for queue in gone})
    reasons = refusals(tx, workspace, reading.company, moves)
    if reasons:
        return NotApplied(reasons=reasons)
    moved = [queue for queue in gone if queue.key in moves]
    sentences: list[str] = []
    if moved:  # the queues that take the work may be new, so they are stored before the others are removed
        both = replace(wanted, queues=(*wanted.queues, *moved))
        sentences += store(tx, workspace, stored, both, change)
        for queue in moved:
            to = queues.get_locked(tx, workspace, moves[queue.key])
            number = move_open_work(tx, queue, to, change.at, effects=baton.effects) if to else 0
            sentences.append(f'Open work of queue "{queue.key}" is passed on to "{moves[queue.key]}": {number}.')
        stored = load(tx, workspace)
    sentences += store(tx, workspace, stored, wanted, change)
    workspaces.set_digest(tx, workspace, reading.digest)
    return Changes(sentences=tuple(sentences))


def _open_work(tx: Tx, workspace: str, stored: Company, wanted: Company, moves: Mapping[str, str]) -> Iterator[str]:
    """Queues that cannot be removed because of the work in them, and moves that cannot be made."""
    live = handoffs.count_live_by_queue(tx, workspace)
    gone = {queue.key for queue in stored.queues if wanted.queue(queue.key) is None}
    for key in sorted(gone - moves.keys()):
        if live.get(key):
            yield (
                f'Queue "{key}" is no longer in the file, but {_count(live[key])} not finished. Finish, cancel or pass '
                f"them on first, say where they go with {MOVE_OPEN_WORK} {key}=QUEUE, or put the queue back in the "
                "file."
            )
    for old, new in moves.items():
        if old not in gone:
            yield f'Open work can\'t be moved from "{old}": the file does not remove a queue of this key.'
        if wanted.queue(new) is None:
            yield f'Open work can\'t be moved to "{new}": there is no queue of this key.'


def _conflicts(stored: Company, file: Company, wanted: Company) -> Iterator[str]:
    """What belongs to Slack and stands in the file, and what does not fit together."""
    for ref in taken(stored, file):
        yield (
            f"{title(ref)} belongs to Slack. Remove it from the file, list it under in_slack, or hand it to the file "
            "with `baton config adopt`."
        )
    if wanted.in_slack:
        yield from map(str, problems(wanted))


def _count(number: int) -> str:
    return "one handoff in it is" if number == 1 else f"{number} handoffs in it are"
