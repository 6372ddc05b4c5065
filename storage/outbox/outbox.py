"""The transactional outbox: messages are stored in the transaction of the change and sent afterwards.

A row waits, is leased by a pump, and is deleted once sent; `posted_messages` remembers the message. Per key there is at
most one waiting row and one in flight, so a change made while the pump draws is never lost and never sent twice. When
a pump dies its lease ends, and the row is leased again.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import bindparam, case, func, null, or_, select, text, union_all

from storage.db import bulk
from storage.db.database import Tx
from storage.db.upsert import upsert
from storage.outbox.choosing import Usage, at, choose
from storage.outbox.leasing import CLASSIFY, LEASE, POSTED, SHORTEN, SUPERSEDE, TAKE
from storage.outbox.model import LeasedMessage, OutboxMessage, PendingMessage, PostedMessage, Refusals
from storage.outbox.pacing import list_blocked
from storage.outbox.posted_messages import (
    FORGET,
    PUT,
    destination_columns,
    message_columns,
    read_destination,
    read_message,
)
from storage.outbox.retrying import DONE, wait_again
from storage.outbox.selection import Admit, Selection, admit_all
from storage.outbox.tables import WAITING, outbox, pacing

_log: Final = logging.getLogger(__name__)
_o: Final = outbox.c
_waiting: Final = text(WAITING)
_leased: Final = text("status = 'leased'")
_now: Final = bindparam("now", type_=_o.not_before.type)

_REDRAWN: Final = (
    "kind", "handoff_id", "to_channel", "to_thread_ts", "to_reply_to", "to_user", "payload", "erase",
)  # fmt: skip
_PUT: Final = upsert(
    outbox,
    ["workspace", "key"],
    [*_REDRAWN, "redrawn_at"],
    only_where=WAITING,
    otherwise=lambda new: {
        "not_before": case((_o.not_before > new.not_before, new.not_before), else_=_o.not_before),
        "retry_at": null(),
        "urgency": null(),
    },
    inserts=bulk.insert(
        outbox, ["workspace", "key", "not_before", *_REDRAWN], shared=["redrawn_at", "status", "put_at", "attempts"]
    ),
)
_ONE_LEASER: Final = text("SELECT pg_advisory_xact_lock(hashtextextended('baton.outbox.lease', 0))")
_MADE_DUE: Final = (
    outbox.update()
    .where(_waiting, _o.not_before > _now, _o.not_before <= _o.redrawn_at)
    .values(not_before=_now, redrawn_at=_now)
)
_END_REST: Final = (
    outbox.update()
    .where(_o.handoff_id == bindparam("of_handoff"), _waiting, _o.error == bindparam("why"))
    .values(retry_at=None)
)
_horizon: Final = bindparam("horizon", type_=_o.not_before.type)
_rested: Final = or_(_o.retry_at.is_(None), _o.retry_at <= _now, _o.retry_at > _horizon)
_DUE: Final = select(func.count(), func.min(_o.put_at)).where(_waiting, _o.not_before <= _now, _rested)
_IN_FLIGHT: Final = select(func.count()).select_from(outbox).where(_leased)
_NEXT_WAITING: Final = select(func.min(_o.not_before)).where(_waiting)
_NEXT_RESTED: Final = select(func.min(_o.retry_at)).where(text("retry_at IS NOT NULL"), _waiting, _o.retry_at > _now)
_NEXT_EXPIRED: Final = select(func.min(_o.lease_until)).where(_leased)
_KEYS: Final = union_all(  # one part per partial index
    *(select(_o.key).where(_o.handoff_id == bindparam("handoff_id"), status) for status in (_waiting, _leased))
)
_AMONG: Final = {  # as above
    name: union_all(
        *(select(_o.key).where(_o.workspace == bindparam("in_workspace"), these, s) for s in (_waiting, _leased))
    )
    for name, these in bulk.one_of_parameter(_o.key, "keys").items()
}
_OF: Final = union_all(  # as above
    *(select(outbox).where(_o.handoff_id == bindparam("handoff_id"), status) for status in (_waiting, _leased))
)
_NAMED: Final = {  # as above
    name: union_all(
        *(select(outbox).where(_o.workspace == bindparam("in_workspace"), these, s) for s in (_waiting, _leased))
    )
    for name, these in bulk.one_of_parameter(_o.key, "keys").items()
}
_NEXT: Final = select(_NEXT_WAITING.scalar_subquery(), _NEXT_EXPIRED.scalar_subquery())
_LATER: Final = select(
    *(
        one.scalar_subquery()
        for one in (
            _NEXT_WAITING.where(_o.not_before > _now),
            _NEXT_RESTED,
            _NEXT_EXPIRED.where(_o.lease_until > _now),
            select(func.min(pacing.c.until)).where(pacing.c.until > _now),
        )
    )
)
_REFUSED: Final = (
    select(_o.error, func.count(), func.min(_o.refused_since))
    .where(text("refused_since IS NOT NULL"), _o.refused_since <= bindparam("before"))
    .group_by(_o.error)
    .order_by(func.min(_o.refused_since))
)
LONGEST_LEASE: Final = timedelta(minutes=2)
"""No lease ends later; one that seems to was made before the clock stepped back."""


def put(tx: Tx, wanted: Iterable[OutboxMessage], now: datetime, not_before: datetime | None = None) -> None:
    """Request messages to be sent, or drawn again where a row with their key waits already.

    Rows are written in key order, so that two transactions cannot deadlock. `not_before` delays a new row; it never
    delays one that waits already.
    """
    put_each_at(tx, [(one, not_before or now) for one in wanted], now)


def put_each_at(tx: Tx, wanted: Iterable[tuple[OutboxMessage, datetime]], now: datetime) -> None:
    """Request messages as `put` does, each with its own `not_before`."""
    last = {(one.workspace, one.key): (one, not_before) for one, not_before in wanted}
    rows = [
        {
            "workspace": one.workspace,
            "key": one.key,
            "kind": one.kind,
            "handoff_id": one.handoff_id,
            **destination_columns(one.to),
            "payload": dict(one.payload),
            "erase": one.erase,
            "not_before": not_before,
        }
        for _, (one, not_before) in sorted(last.items(), key=itemgetter(0))
    ]
    bulk.execute(tx, _PUT, rows, {"redrawn_at": now, "status": "waiting", "put_at": now, "attempts": 0})


def get_usage(tx: Tx, now: datetime, after: datetime | None = None) -> Usage:
    """Return what is in use now; nobody leases a message before this transaction ends.

    Buckets that were blocked `after` an earlier instant are among those of the usage. On PostgreSQL one process leases
    at a time; that takes milliseconds.
    """
    if tx.dialect == "postgresql":
        tx.execute(_ONE_LEASER)
    return Usage(in_flight=int(tx.execute(_IN_FLIGHT).scalar_one()), blocked=list_blocked(tx, now, after))


def lease(
    tx: Tx, now: datetime, limit: int, lease_s: float, by: str, *, admit: Admit = admit_all, usage: Usage | None = None
) -> list[LeasedMessage]:
    """Lease up to `limit` messages that may be sent now, in their order, for `lease_s` seconds.

    `storage.outbox.leasing` and `storage.outbox.selection` have the rules of order; `admit` takes each message's share
    of the rate limits. `usage` is what `get_usage` returned in this transaction, if it was called already.
    """
    used = usage or get_usage(tx, now)
    until = now + timedelta(seconds=lease_s)
    if used.in_flight:
        tx.execute(SHORTEN, {"longest": now + LONGEST_LEASE, "lease_until": until})
        tx.execute(SUPERSEDE, {"now": now})
    tx.execute(CLASSIFY, {"now": now})
    chosen = choose(tx, now, Selection(limit, admit), used)
    if not chosen:
        return []
    rows = {row["id"]: row for row in tx.execute(TAKE, {"ids": list(chosen)}).mappings()}
    tx.execute(LEASE, {"ids": list(rows), "now": now, "lease_until": until, "by": by})
    return [_taken(rows[one.id], until, one.lane) for one in chosen.values() if one.id in rows]


def follow_clock(tx: Tx, now: datetime) -> None:
    """Make due what was due already when it was put, by a clock that has stepped back since."""
    tx.execute(_MADE_DUE, {"now": now})


def mark_sent(tx: Tx, leased: LeasedMessage, message: PostedMessage | None, now: datetime) -> None:
    """Delete a row that was sent at `now`, and store the posted message; None for a webhook."""
    if message is not None:
        tx.execute(PUT[tx.dialect], message_columns(message))
    if not _finish(tx, leased):
        _log.info("%s was sent at %s after its lease had ended", leased.wanted.key, now.isoformat())


def mark_erased(tx: Tx, leased: LeasedMessage) -> None:
    """Delete a row whose message is no longer in Slack, and the posted message's row."""
    tx.execute(FORGET, {"workspace": leased.wanted.workspace, "key": leased.wanted.key})
    _finish(tx, leased)


def mark_done(tx: Tx, leased: LeasedMessage) -> None:
    """Delete a row that has left no message behind: what it published is stored elsewhere."""
    _finish(tx, leased)


def retry(
    tx: Tx,
    leased: LeasedMessage,
    at: datetime,
    error: str,
    *,
    known: bool = False,
    refused_at: datetime | None = None,
) -> None:
    """Let a row that failed keep its place and rest until `at`, or delete it in favour of a newer row with its key.

    Args:
        tx: the transaction.
        leased: the row, as it was leased.
        at: when to try again.
        error: why it failed, for inspection.
        known: Slack has certainly not done it. Otherwise the next attempt gets the time since which it may have
            happened (`LeasedMessage.first_leased_at`) and searches Slack before it posts; so does a newer row that
            replaces it.
        refused_at: when Slack refused it, or the call failed; None if it only has to wait for its turn.
    """
    wait_again(tx, leased, error, retry_at=at, known=known, refused_at=refused_at)


def hold(tx: Tx, leased: LeasedMessage, not_before: datetime, reason: str) -> None:
    """Let a row that was not tried wait until `not_before`, when its reader is available."""
    wait_again(tx, leased, reason, not_before=not_before, known=True)


def end_rest(tx: Tx, handoff_id: str, reason: str) -> None:
    """Let the messages of a handoff that rest for a reason be tried at once."""
    tx.execute(_END_REST, {"of_handoff": handoff_id, "why": reason})


def drop(tx: Tx, leased: LeasedMessage, reason: str) -> None:
    """Delete a row that can never be sent. The caller writes the audit entry."""
    if _finish(tx, leased):
        _log.info("%s will not be sent: %s", leased.wanted.key, reason)


def list_keys_for_handoff(tx: Tx, handoff_id: str) -> frozenset[str]:
    """Return the keys of a handoff's pending messages (waiting or in flight)."""
    return frozenset(tx.execute(_KEYS, {"handoff_id": handoff_id}).scalars())


def get_pending_keys(tx: Tx, workspace: str, keys: Collection[str]) -> frozenset[str]:
    """Return those of the keys whose messages are pending (waiting or in flight)."""
    if not keys:
        return frozenset()
    with tx.fresh_query_plans():
        rows = tx.execute(_AMONG[tx.dialect], {"in_workspace": workspace, "keys": list(keys)})
    return frozenset(rows.scalars())


def list_for_handoff(tx: Tx, handoff_id: str) -> list[PendingMessage]:
    """Return a handoff's pending messages, in the order in which they were put."""
    return _pending(tx.execute(_OF, {"handoff_id": handoff_id}).mappings())


def get_many(tx: Tx, workspace: str, keys: Collection[str]) -> list[PendingMessage]:
    """Return the pending messages with these keys, in the order in which they were put."""
    if not keys:
        return []
    return _pending(tx.execute(_NAMED[tx.dialect], {"in_workspace": workspace, "keys": list(keys)}).mappings())


def count_due_and_oldest(tx: Tx, now: datetime) -> tuple[int, datetime | None]:
    """Return how many messages are due and not in flight, and when the oldest of them was put."""
    count, oldest = tx.execute(_DUE, at(now)).one()
    return count, oldest


def list_refused(tx: Tx, before: datetime) -> list[Refusals]:
    """Return the messages that wait and were first refused before an instant, by error code, the longest first."""
    return [Refusals(code=code, count=n, since=since) for code, n, since in tx.execute(_REFUSED, {"before": before})]


def count_unsent(tx: Tx, now: datetime) -> int:
    """Return how many messages are due or in flight; 0 if nothing can be sent now."""
    return count_due_and_oldest(tx, now)[0] + int(tx.execute(_IN_FLIGHT).scalar_one())


def next_due_at(tx: Tx, now: datetime | None = None) -> datetime | None:
    """Return the earliest instant at which a row can be leased: it becomes due, or a lease ends.

    With `now` only later instants count, and the ends of rate-limit blocks too: when to lease again after all that
    could be leased was taken.
    """
    found = tx.execute(_NEXT if now is None else _LATER, None if now is None else {"now": now}).one()
    return min((instant for instant in found if instant is not None), default=None)


def _finish(tx: Tx, leased: LeasedMessage) -> bool:
    """Delete the row if we still hold it; a row that was leased again after our lease ended stays."""
    return bool(tx.execute(DONE, {"row": leased.id, "attempt": leased.attempts}).rowcount)


def _pending(rows: Iterable[Mapping[Any, Any]]) -> list[PendingMessage]:
    return [
        PendingMessage(
            wanted=_wanted(row),
            put_at=row["put_at"],
            not_before=max(row["not_before"], row["retry_at"] or row["not_before"]),
            attempts=row["attempts"],
            lease_until=row["lease_until"],
            error=row["error"],
            refused_since=row["refused_since"],
        )
        for row in sorted(rows, key=itemgetter("id"))
    ]


def _wanted(row: Mapping[Any, Any]) -> OutboxMessage:
    return OutboxMessage(
        workspace=row["workspace"],
        key=row["key"],
        kind=row["kind"],
        handoff_id=row["handoff_id"],
        to=read_destination(row),
        payload=row["payload"],
        erase=row["erase"],
    )


def _taken(row: Mapping[Any, Any], until: datetime, lane: str | None) -> LeasedMessage:
    return LeasedMessage(
        id=row["id"],
        wanted=_wanted(row),
        put_at=row["put_at"],
        attempts=row["attempts"] + 1,
        lease_until=until,
        first_leased_at=row["first_leased_at"],
        posted=read_message(row, POSTED) if row[POSTED + "key"] is not None else None,
        lane=lane,
    )
