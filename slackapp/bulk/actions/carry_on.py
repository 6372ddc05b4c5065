"""Carry out a submitted run, row by row, each in a transaction of its own that also stores the row's result.

1. Lock the handoff and decide the act on what it is now: work that is no longer the author's own is left alone.
2. Carry it out as any act, except that nobody is sent a direct message about it alone.
3. Store the result, and put one message per person and team that lists all their rows of the run. It waits a few
   seconds for the rows to come, and at most so long if the process is interrupted.

What a person waits for is carried out at once. Whatever is left, after a crash too, is done by the next tick.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

import structlog

from slackapp.bulk.model import COVER, OFFERED, TEAM
from slackapp.bulk.queries import destination
from slackapp.bulk.rules.acts import TO_TEAMS, act_for
from slackapp.handoffs.actions.carry_out import Outcome, Request, carry_out_in
from slackapp.handoffs.model import Invalid
from slackapp.handoffs.queries.covers import covers_of
from slackapp.handoffs.rules.change_messages import people_told
from slackapp.runtime.baton import Baton
from storage.bulk import runs
from storage.bulk.model import BulkRow, BulkRun, RowOutcome
from storage.db.database import Tx
from storage.db.errors import REFUSED, Conflict, DatabaseBusy, DatabaseUnavailable, Stale
from storage.handoffs import handoffs
from storage.handoffs.lifecycle import Moved, Refused
from storage.outbox import outbox, parts
from storage.outbox.model import Destination, OutboxMessage

KIND: Final = "bulk"
RESULT: Final = "bulk_result"
AT_ONCE_S: Final = 1.2
"""Seconds that the author waits for the rows; Slack waits three for the whole answer."""
AT_A_TICK_S: Final = 2.0
"""Seconds of one tick: clocks are due meanwhile."""
GATHER: Final = timedelta(seconds=5)
"""How long a message waits for the run's other rows."""
TAKEN_OVER_AFTER: Final = timedelta(seconds=10)
"""When a tick takes over a run whose author was being answered: that process has ended."""
_MANY: Final = 20
_LATER: Final = (DatabaseBusy, DatabaseUnavailable, Stale, Conflict)
"""The database has no room, is away, or others were faster again and again: the row keeps its turn."""
_ROW_FAILS: Final = (*REFUSED, LookupError, ValueError)
"""What one row can cause: the database refuses its change, or what is stored of it lacks or holds what it should not.
Its result says so, and the others are carried out. Any other error is a bug, which is said as everywhere.
"""
_log = structlog.get_logger(__name__)


def carry_on(baton: Baton, run_id: str, workspace: str, *, within_s: float = AT_ONCE_S) -> bool:
    """Carry out the rows of a submitted run for some time; return whether all are done.

    If not, the rest is left to the ticks, and the author gets the result as a message.
    """
    try:
        done = _rows_done(baton, run_id, workspace, within_s)
        if not done:
            baton.db.run_for_listener(lambda tx: runs.go_on_in_background(tx, run_id))
    except _LATER:  # what is stored goes on by itself
        done = False
    baton.wake_pump()
    if not done:
        baton.wake_tick()
    return done


def go_on_with_runs(baton: Baton) -> int:
    """Go on with the runs that nobody carries out; return how many were finished."""
    now = baton.clock.now()
    with baton.db.reading() as tx:
        left = [run for run in runs.list_unfinished(tx, _MANY) if _due_at(run) <= now]
    finished = 0
    for run in left:
        if not run.in_background:
            baton.db.run_transaction(lambda tx, run=run: runs.go_on_in_background(tx, run.id))  # type: ignore[misc]
        finished += _rows_done(baton, run.id, run.workspace, AT_A_TICK_S / len(left))
    if left:
        baton.wake_pump()
    return finished


def next_run_due_at(baton: Baton) -> datetime | None:
    """Return when a tick has to go on with a run; None if there is none."""
    with baton.db.reading() as tx:
        return min(map(_due_at, runs.list_unfinished(tx, _MANY)), default=None)


def _due_at(run: BulkRun) -> datetime:
    assert run.sent_at is not None  # noqa: S101 - only submitted runs are unfinished
    return run.sent_at if run.in_background else run.sent_at + TAKEN_OVER_AFTER


def _rows_done(baton: Baton, run_id: str, workspace: str, within_s: float) -> bool:
    """Carry out rows for this long, at least one; return whether the run is finished."""
    ends_at = time.monotonic() + within_s
    while not _finished(baton, run_id, workspace):
        if time.monotonic() >= ends_at:
            return False
    return True


def _finished(baton: Baton, run_id: str, workspace: str) -> bool:
    """Carry out the next row; return whether there was none and the run is finished."""
    now = baton.clock.now()
    try:
        ended, due_at = baton.db.run_transaction(lambda tx: _next(tx, baton, run_id, workspace, now))
    except _LATER:
        raise
    except _ROW_FAILS:
        ended, due_at = _given_up(baton, run_id), None
    except Exception:
        _given_up(baton, run_id)  # so that the next turn goes on with the next row
        raise
    if due_at is not None:
        baton.wake(now, due_at)
    return ended


def _next(tx: Tx, baton: Baton, run_id: str, workspace: str, now: datetime) -> tuple[bool, datetime | None]:
    run, row = runs.get(tx, workspace, run_id), runs.next_row(tx, run_id)
    if run is None:
        return True, None
    if row is None:
        _finish(tx, run, now)
        return True, None
    handoffs.lock(tx, [row.handoff_id])
    handoff = handoffs.get(tx, workspace, row.handoff_id)
    act = act_for(run, row, handoff) if handoff else None
    if handoff is None or act is None:
        runs.set_outcome(tx, row, RowOutcome.CHANGED if handoff else RowOutcome.MISSING)
        return False, None
    request = Request(workspace=workspace, handoff_id=handoff.id, act=act, user=run.actor, of_several=True)
    outcome, due_at = carry_out_in(tx, request, now, baton.effects)
    _store(tx, run, row, outcome, now)
    return False, due_at


def _store(tx: Tx, run: BulkRun, row: BulkRow, outcome: Outcome, now: datetime) -> None:
    match outcome:
        case Moved():
            told = _told(tx, run, outcome)
            runs.set_outcome(tx, row, RowOutcome.DONE, why=outcome.verb, told=told)
            parts.add(tx, run.workspace, [_key(run, reader) for reader in told], row.handoff_id)
            _put(tx, run, told, now + GATHER)
        case Refused(why=why):
            runs.set_outcome(tx, row, RowOutcome.REFUSED, why=why)
        case Invalid(problems=problems):
            runs.set_outcome(tx, row, RowOutcome.INVALID, why=next(iter(problems.values())))
        case _:
            runs.set_outcome(tx, row, RowOutcome.MISSING)


def _told(tx: Tx, run: BulkRun, moved: Moved) -> dict[str, str]:
    """Whom the run's messages tell of a change, each with the capacity in which."""
    told = {user: recipient.value for user, recipient in people_told(moved).items()}
    if run.person in told:
        told[run.person] = OFFERED
        cover = covers_of(tx, run.workspace, [run.person], moved.at).get(run.person)
        if cover is not None and cover != run.actor:
            told.setdefault(cover, COVER)
    return {**told, f"queue:{moved.after.queue}": TEAM} if run.kind in TO_TEAMS else told


def _put(tx: Tx, run: BulkRun, told: Iterable[str], at: datetime) -> None:
    """Put the run's messages to these people and teams; one that waits already is sent no later than it was."""
    to = {reader: destination(tx, run.workspace, reader) for reader in told}
    wanted = [
        _message(run, _key(run, reader), KIND, place, {"run": run.id, "to": reader})
        for reader, place in to.items()
        if place
    ]
    outbox.put_each_at(tx, [(message, at) for message in wanted], at)


def _finish(tx: Tx, run: BulkRun, now: datetime) -> None:
    """End a run: send what has waited for its rows, and its result if the author did not wait for it."""
    if not runs.finish(tx, run.id, now):
        return
    _put(tx, run, {reader: None for row in runs.list_rows(tx, run.id) for reader in row.told}, now)
    if run.in_background:
        where = Destination(user=run.actor)
        outbox.put(tx, [_message(run, f"{RESULT}:{run.id}", RESULT, where, {"run": run.id, "user": run.actor})], now)


def _given_up(baton: Baton, run_id: str) -> bool:
    """Log the present error, and store that the row whose turn it is has failed; return whether there was none."""

    def work(tx: Tx) -> BulkRow | None:
        row = runs.next_row(tx, run_id)
        if row is not None:
            runs.set_outcome(tx, row, RowOutcome.FAILED)
        return row

    failed = baton.db.run_transaction(work)
    _log.exception("bulk_row_failed", run=run_id, handoff=failed.handoff_id if failed else None)
    return failed is None


def _key(run: BulkRun, reader: str) -> str:
    return f"{KIND}:{run.id}:{reader}"


def _message(run: BulkRun, key: str, kind: str, to: Destination, payload: dict[str, str]) -> OutboxMessage:
    return OutboxMessage(workspace=run.workspace, key=key, kind=kind, handoff_id=None, to=to, payload=payload)
