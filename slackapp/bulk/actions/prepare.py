"""Prepare a run: a form over several handoffs, stored while its author fills it in."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Final

from slackapp.bulk.queries import list_to_hand_over
from slackapp.runtime.baton import Baton
from storage.bulk import runs
from storage.bulk.model import BulkKind, BulkRow, BulkRun
from storage.db.database import Tx
from storage.handoffs.model import Text

KEPT_FOR: Final = timedelta(days=1)
"""How long a form that was not sent is kept."""


def begin_hand_over(
    baton: Baton,
    *,
    workspace: str,
    user: str,
    kind: BulkKind,
    person: str | None = None,
    queue: str | None = None,
    note: Text | None = None,
    form: str,
) -> str:
    """Store the form with everything that this person owns, all of it included, and return the run's id.

    A form that is sent again has the same run. Putting everything back takes in what is offered to them, too.
    """
    now = baton.clock.now()
    run_id = f"b_{form}"

    def work(tx: Tx) -> str:
        if runs.get(tx, workspace, run_id) is not None:
            return run_id
        run = BulkRun(
            id=run_id, workspace=workspace, actor=user, kind=kind, created_at=now,
            person=person, queue=queue, note=note,
        )  # fmt: skip
        found = list_to_hand_over(tx, workspace, user, offered_too=kind is BulkKind.BACK)
        runs.add(tx, run, _rows(run.id, [handoff.id for handoff in found]))
        return run.id

    return baton.db.run_for_listener(work)


def begin_claim(baton: Baton, *, workspace: str, user: str, handoff_ids: Sequence[str], form: str) -> str:
    """Store and submit a run that claims these handoffs; return its id. A form that is sent again has the same one."""
    now = baton.clock.now()
    run_id = f"b_{form}"

    def work(tx: Tx) -> str:
        if runs.get(tx, workspace, run_id) is None:
            run = BulkRun(id=run_id, workspace=workspace, actor=user, kind=BulkKind.CLAIM, created_at=now, sent_at=now)
            runs.add(tx, run, _rows(run_id, handoff_ids))
        return run_id

    return baton.db.run_for_listener(work)


def save_page(
    baton: Baton, *, workspace: str, user: str, run_id: str, shown: Collection[str], included: Collection[str]
) -> None:
    """Store which handoffs of a page are included; nothing changes if the run was submitted, or is somebody else's."""

    def work(tx: Tx) -> None:
        run = runs.get(tx, workspace, run_id)
        if run is None or run.actor != user or run.sent_at is not None:
            return
        runs.include(tx, run_id, set(shown) & set(included), included=True)
        runs.include(tx, run_id, set(shown) - set(included), included=False)

    baton.db.run_for_listener(work)


def save_note(baton: Baton, *, workspace: str, user: str, run_id: str, handoff_id: str, note: Text | None) -> None:
    """Store the note for one handoff of a run; nothing changes if the run was submitted, or is somebody else's."""

    def work(tx: Tx) -> None:
        run = runs.get(tx, workspace, run_id)
        if run is not None and run.actor == user and run.sent_at is None:
            runs.set_note(tx, run_id, handoff_id, note)

    baton.db.run_for_listener(work)


def submit(baton: Baton, *, workspace: str, user: str, run_id: str) -> None:
    """Submit a person's own run; nothing changes if it was submitted before."""
    now = baton.clock.now()

    def work(tx: Tx) -> None:
        run = runs.get(tx, workspace, run_id)
        if run is not None and run.actor == user:
            runs.send(tx, run_id, now)

    baton.db.run_for_listener(work)


def _rows(run_id: str, handoff_ids: Sequence[str]) -> list[BulkRow]:
    each = enumerate(dict.fromkeys(handoff_ids))
    return [BulkRow(run_id=run_id, handoff_id=handoff_id, position=place) for place, handoff_id in each]
