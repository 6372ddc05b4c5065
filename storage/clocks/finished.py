"""Prune what is stored about handoffs that ended long ago: their timers, notices and posted messages.

The handoff, its notes, verdicts and audit stay. Where its messages are in Slack is kept in the archive.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from typing import Any, Final

from sqlalchemy import bindparam, exists, select

from storage.bulk import runs
from storage.clocks.tables import notices, timers
from storage.db.database import Tx
from storage.handoffs import audit, handoffs, sources
from storage.handoffs.lifecycle import FINAL
from storage.handoffs.model import Handoff
from storage.outbox import archive, parts
from storage.outbox.tables import message_parts, messages, outbox

PRUNED: Final = "pruned"
"""The name of the pruning's progress: the audit entry up to which it has looked."""
_ids: Final[Any] = bindparam("ids", expanding=True)
_MESSAGES: Final = (
    select(notices.c.handoff_id, notices.c.message)
    .where(notices.c.handoff_id.in_(_ids), notices.c.message.is_not(None))
    .distinct()
)
_REMOVE: Final = tuple(table.delete().where(table.c.handoff_id.in_(_ids)) for table in (timers, notices))
_REMOVE_SHARED: Final = messages.delete().where(
    messages.c.handoff_id.is_(None),
    messages.c.workspace == bindparam("in_workspace"),
    messages.c.key.in_(bindparam("keys", expanding=True)),
    ~exists().where(notices.c.workspace == messages.c.workspace, notices.c.message == messages.c.key),
    ~exists().where(message_parts.c.workspace == messages.c.workspace, message_parts.c.key == messages.c.key),
    ~exists().where(outbox.c.workspace == messages.c.workspace, outbox.c.key == messages.c.key),
)


@dataclass(frozen=True, kw_only=True)
class Pruned:
    """The result of a batch: how many handoffs were pruned, and the audit entry up to which all were looked at.

    `until` is None when there is nothing more to look at now.
    """

    handoffs: int
    until: int | None


def prune(tx: Tx, after: int, ended_before: datetime, limit: int) -> Pruned:
    """Prune the handoffs that ended before an instant and whose end is among the next audit entries.

    Every entry is looked at once in its life, so the cost follows what has happened. A handoff that was reopened has
    another end later. One with a message to be sent is left as it is.

    Args:
        tx: the transaction.
        after: the id of the audit entry up to which earlier batches looked.
        ended_before: the latest end.
        limit: audit entries in this batch.
    """
    entries = list(takewhile(lambda entry: entry.at < ended_before, audit.list_after(tx, after, limit)))
    if not entries:
        return Pruned(handoffs=0, until=None)
    candidates = {entry.handoff_id for entry in entries if entry.handoff_id and entry.after in FINAL}
    pending = archive.list_with_pending(tx, candidates)
    ended = [
        handoff
        for handoff in handoffs.get_many(tx, candidates - pending).values()
        if handoff.final and handoff.state_since < ended_before
    ]
    by_workspace: dict[str, list[Handoff]] = defaultdict(list)
    for handoff in ended:
        by_workspace[handoff.workspace].append(handoff)
    for workspace, own in by_workspace.items():
        _prune(tx, workspace, own)
    return Pruned(handoffs=len(ended), until=entries[-1].id)


def _prune(tx: Tx, workspace: str, ended: Iterable[Handoff]) -> None:
    known = {handoff.id: handoff for handoff in ended}
    ids = {"ids": sorted(known)}
    shared: dict[str, set[str]] = defaultdict(set)
    for row in tx.execute(_MESSAGES, ids):
        shared[row.handoff_id].add(row.message)
    for handoff_id, key in parts.keys_by_handoff(tx, known):
        shared[handoff_id].add(key)
    archive.pack(tx, known.values(), shared)
    parts.remove(tx, known)
    sources.remove(tx, known)
    runs.forget_handoffs(tx, known)
    for statement in _REMOVE:
        tx.execute(statement, ids)
    keys = set().union(*shared.values())
    if keys:
        tx.execute(_REMOVE_SHARED, {"in_workspace": workspace, "keys": sorted(keys)})
