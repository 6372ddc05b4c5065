"""Bulk runs as stored.

Each row is carried out in a transaction of its own, which also stores its outcome. So a run that was interrupted goes
on where it was, and no row is carried out twice.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, exists, select, text

from storage.bulk.model import BulkKind, BulkRow, BulkRun, RowOutcome
from storage.bulk.tables import UNFINISHED, UNSENT, bulk_rows, bulk_runs
from storage.db.database import Tx
from storage.db.errors import Stale
from storage.handoffs.model import Text

_run: Final = bulk_runs.c
_row: Final = bulk_rows.c
_this_run: Final = _run.id == bindparam("of_run")
_of_run: Final = _row.run_id == bindparam("of_run")
_pending: Final = (_of_run, _row.included, _row.outcome.is_(None))

_GET: Final = select(bulk_runs).where(_run.workspace == bindparam("in_workspace"), _this_run)
_ROWS: Final = select(bulk_rows).where(_of_run).order_by(_row.position)
_NEXT: Final = select(bulk_rows).where(*_pending).order_by(_row.position).limit(1)
_SEND: Final = (
    bulk_runs.update()
    .where(_this_run, _run.sent_at.is_(None))
    .values(sent_at=bindparam("at", type_=_run.sent_at.type))
    .execution_options(preserve_rowcount=True)
)
_INCLUDE: Final = (
    bulk_rows.update()
    .where(_of_run, _row.outcome.is_(None), _row.handoff_id.in_(bindparam("ids", expanding=True)))
    .values(included=bindparam("is_in"))
)
_NOTE: Final = (
    bulk_rows.update()
    .where(_of_run, _row.outcome.is_(None), _row.handoff_id == bindparam("of_handoff"))
    .values(note=bindparam("text", type_=_row.note.type))
)
_DONE: Final = (
    bulk_rows.update()
    .where(_of_run, _row.handoff_id == bindparam("of_handoff"), _row.outcome.is_(None))
    .values(
        outcome=bindparam("became"),
        why=bindparam("because"),
        told=bindparam("people", type_=_row.told.type),
        note=None,
    )
    .execution_options(preserve_rowcount=True)
)
_FINISH: Final = (
    bulk_runs.update()
    .where(_this_run, text(UNFINISHED))
    .values(finished_at=bindparam("at", type_=_run.finished_at.type))
    .execution_options(preserve_rowcount=True)
)
_LATER: Final = bulk_runs.update().where(_this_run, text(UNFINISHED)).values(in_background=True)
_UNFINISHED: Final = select(bulk_runs).where(text(UNFINISHED)).order_by(_run.sent_at).limit(bindparam("limit"))
_LEFT: Final = select(_run.id).where(text(UNSENT), _run.created_at < bindparam("before", type_=_run.created_at.type))
_REMOVE_ROWS: Final = bulk_rows.delete().where(_row.run_id.in_(bindparam("ids", expanding=True)))
_OF_HANDOFFS: Final = bulk_rows.delete().where(_row.handoff_id.in_(bindparam("ids", expanding=True)))
_EMPTY: Final = bulk_runs.delete().where(
    _run.finished_at < bindparam("before", type_=_run.finished_at.type), ~exists().where(_row.run_id == _run.id)
)
_REMOVE: Final = bulk_runs.delete().where(_run.id.in_(bindparam("ids", expanding=True)))


def add(tx: Tx, run: BulkRun, rows: Iterable[BulkRow]) -> None:
    """Insert a run with its rows."""
    tx.execute(bulk_runs.insert(), {**asdict(run), "note": _plain(run.note)})
    listed = [{**asdict(row), "note": _plain(row.note), "told": dict(row.told)} for row in rows]
    if listed:
        tx.execute(bulk_rows.insert(), listed)


def get(tx: Tx, workspace: str, run_id: str) -> BulkRun | None:
    """Return a run by id, or None."""
    row = tx.execute(_GET, {"in_workspace": workspace, "of_run": run_id}).mappings().first()
    return None if row is None else _read_run(row)


def list_rows(tx: Tx, run_id: str) -> list[BulkRow]:
    """Return the rows of a run in their order."""
    return [_read_row(row) for row in tx.execute(_ROWS, {"of_run": run_id}).mappings()]


def include(tx: Tx, run_id: str, handoff_ids: Collection[str], *, included: bool) -> None:
    """Include these handoffs in a run, or leave them out."""
    if handoff_ids:
        tx.execute(_INCLUDE, {"of_run": run_id, "ids": sorted(handoff_ids), "is_in": included})


def set_note(tx: Tx, run_id: str, handoff_id: str, note: Text | None) -> None:
    """Store the note for one handoff of a run."""
    tx.execute(_NOTE, {"of_run": run_id, "of_handoff": handoff_id, "text": _plain(note)})


def send(tx: Tx, run_id: str, at: datetime) -> bool:
    """Submit a run; return False if it was submitted before."""
    return tx.execute(_SEND, {"of_run": run_id, "at": at}).rowcount == 1


def next_row(tx: Tx, run_id: str) -> BulkRow | None:
    """Return the first row of a run whose turn has not come yet, or None."""
    row = tx.execute(_NEXT, {"of_run": run_id}).mappings().first()
    return None if row is None else _read_row(row)


def set_outcome(
    tx: Tx, row: BulkRow, outcome: RowOutcome, *, why: str | None = None, told: Mapping[str, str] | None = None
) -> None:
    """Store what became of a row; its note is blanked, because the handoff has it now.

    Raises:
        Stale: another process has carried the row out meanwhile.
    """
    done = {"became": outcome, "because": why, "people": dict(told or {})}
    if tx.execute(_DONE, {"of_run": row.run_id, "of_handoff": row.handoff_id, **done}).rowcount != 1:
        raise Stale(f"handoff {row.handoff_id} of run {row.run_id} was carried out by another process")


def finish(tx: Tx, run_id: str, at: datetime) -> bool:
    """End a run whose rows are all done; return False if it has ended before."""
    return tx.execute(_FINISH, {"of_run": run_id, "at": at}).rowcount == 1


def go_on_in_background(tx: Tx, run_id: str) -> None:
    """Store that the author of an unfinished run gets its result as a message."""
    tx.execute(_LATER, {"of_run": run_id})


def list_unfinished(tx: Tx, limit: int) -> list[BulkRun]:
    """Return submitted runs of all workspaces that have rows left, the oldest first."""
    return [_read_run(row) for row in tx.execute(_UNFINISHED, {"limit": limit}).mappings()]


def remove_unsent_before(tx: Tx, before: datetime) -> int:
    """Delete forms that were begun before an instant and never submitted; return how many."""
    left = list(tx.execute(_LEFT, {"before": before}).scalars())
    if left:
        tx.erased = True
        tx.execute(_REMOVE_ROWS, {"ids": left})
        tx.execute(_REMOVE, {"ids": left})
    return len(left)


def forget_handoffs(tx: Tx, handoff_ids: Collection[str]) -> None:
    """Delete the rows of handoffs that were deleted, or ended long ago."""
    if handoff_ids:
        tx.execute(_OF_HANDOFFS, {"ids": sorted(handoff_ids)})


def remove_empty_before(tx: Tx, before: datetime) -> None:
    """Delete the runs that ended before an instant and have no row left, with their notes."""
    tx.execute(_EMPTY, {"before": before})


def _plain(note: Text | None) -> dict[str, Any] | None:
    return None if note is None else {"plain": note.plain, "rich": note.rich}


def _text(found: Mapping[str, Any] | None) -> Text | None:
    return None if found is None else Text(plain=found["plain"], rich=found["rich"])


def _read_run(row: Mapping[Any, Any]) -> BulkRun:
    return replace(BulkRun(**{**row, "note": _text(row["note"])}), kind=BulkKind(row["kind"]))


def _read_row(row: Mapping[Any, Any]) -> BulkRow:
    outcome = RowOutcome(row["outcome"]) if row["outcome"] else None
    return BulkRow(**{**row, "note": _text(row["note"]), "outcome": outcome})
