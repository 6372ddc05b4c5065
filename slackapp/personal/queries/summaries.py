"""Read what a summary is drawn from: each handoff once, as it is now, with what was collected about it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from slackapp.handoffs.queries import load
from slackapp.handoffs.queries.sight import is_in_sight
from slackapp.personal.model import SummaryRow, SummaryScene
from storage.db.database import Tx
from storage.handoffs import handoffs
from storage.handoffs.lifecycle import State
from storage.outbox.model import OutboxMessage
from storage.summaries import collected
from storage.summaries.model import CollectedMessage

SHOWN: Final = 20
"""Handoffs in one summary; the others are counted."""


def summary_scene(tx: Tx, wanted: OutboxMessage, posted: bool) -> SummaryScene:
    """Return everything that a summary is drawn from."""
    user = str(wanted.payload["user"])
    found = collected.list_for_summary(tx, wanted.workspace, user, wanted.key)
    rows, more = rows_of(tx, wanted, found)
    at = datetime.fromisoformat(str(wanted.payload["at"]))
    return SummaryScene(rows=rows, more=more, reader=user, at=at, posted=posted)


def rows_of(tx: Tx, wanted: OutboxMessage, found: Iterable[CollectedMessage]) -> tuple[tuple[SummaryRow, ...], int]:
    """Return a row for each handoff that the reader may see, and how many more there are."""
    by_handoff: dict[str, list[CollectedMessage]] = {}
    for one in found:
        by_handoff.setdefault(one.message.handoff_id or "", []).append(one)
    known = handoffs.get_many(tx, by_handoff)
    seen = [
        (handoff_id, own)
        for handoff_id, own in by_handoff.items()
        if handoff_id in known
        and known[handoff_id].state is not State.DELETED
        and is_in_sight(tx, wanted.to, known[handoff_id])
    ]
    return tuple(_rows(tx, seen[:SHOWN])), max(len(seen) - SHOWN, 0)


def _rows(tx: Tx, seen: Iterable[tuple[str, list[CollectedMessage]]]) -> Iterable[SummaryRow]:
    for handoff_id, own in seen:
        names = [name for one in own for name in load.named_in(one.message.payload)]
        details = load.details(tx, own[0].message.workspace, handoff_id, also=names)
        if details is not None:
            events = tuple(one.message.payload for one in own)
            yield SummaryRow(details=details, topic=own[-1].topic, events=events)
