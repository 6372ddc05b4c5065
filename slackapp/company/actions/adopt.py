"""Hand objects of the configuration from the file to Slack, or from Slack to the file. Their values stay."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from slackapp.company.actions.store import ChangeStamp, store
from slackapp.company.queries import load
from slackapp.runtime.baton import Baton
from slackapp.templates.actions import LOCK
from storage.company import workspaces
from storage.company.model import ObjectOwner, ObjectRef
from storage.db.database import Tx


@dataclass(frozen=True, kw_only=True)
class Adopted:
    """The objects belong to their new owner: the changes as sentences; none if all did already."""

    sentences: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class NotAdopted:
    """Nothing has changed: these objects do not exist."""

    unknown: tuple[ObjectRef, ...]


def adopt(
    baton: Baton,
    *,
    workspace: str,
    refs: Collection[ObjectRef] | None,
    to: ObjectOwner,
    operator: str | None = None,
) -> Adopted | NotAdopted:
    """Give these objects, or all (None), to the file or to Slack; `operator` is who runs the command.

    The file that was applied last is not in force any more: it may contain what is Slack's now. So a restart does not
    apply it again until its content changes.
    """
    now = baton.clock.now()
    change = ChangeStamp(at=now, operator=operator)

    def work(tx: Tx) -> Adopted | NotAdopted:
        baton.db.lock(tx, LOCK)
        baton.lock_facts(tx)
        stored = load(tx, workspace)
        known = stored.company.records().keys()
        given = known if refs is None else set(refs)
        if unknown := given - known:
            return NotAdopted(unknown=tuple(sorted(unknown)))
        in_slack = stored.company.in_slack
        after = in_slack | given if to is ObjectOwner.SLACK else in_slack - given
        sentences = store(tx, workspace, stored, replace(stored.company, in_slack=frozenset(after)), change)
        if sentences:
            workspaces.note_change_in_slack(tx, workspace)
        return Adopted(sentences=sentences)

    return baton.db.run_transaction(work)
