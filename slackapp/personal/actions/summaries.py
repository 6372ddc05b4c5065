"""Collect messages for a person's next summary: one per person and time, which the outbox sends when it is due."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Final

from storage.company.model import Topic
from storage.db.database import Tx
from storage.outbox import outbox, parts
from storage.outbox.model import Destination, OutboxMessage
from storage.summaries import collected
from storage.summaries.model import CollectedMessage

SUMMARY: Final = Topic.SUMMARY.value
"""The kind of message."""


def collect(tx: Tx, message: OutboxMessage, topic: Topic, at: datetime, now: datetime) -> None:
    """Collect a message to a person for their summary of this instant, instead of sending it."""
    key = summary_key(message.to.user or "", at)
    collected.put_many(tx, [CollectedMessage(message=message, topic=topic, summary=key, put_at=now)])
    put_summary(tx, [message], key, at, now)


def summary_key(user: str, at: datetime) -> str:
    """Return the outbox key of a person's summary of an instant."""
    return f"{SUMMARY}:{user}:{at.isoformat()}"


def put_summary(tx: Tx, messages: Collection[OutboxMessage], key: str, at: datetime, now: datetime) -> None:
    """Let a summary be sent when it is due; a change of a handoff that it lists redraws it."""
    _list_parts(tx, messages, key)
    wanted = {(one.workspace, one.to.user or "") for one in messages}
    summaries = [
        OutboxMessage(
            workspace=workspace,
            key=key,
            kind=SUMMARY,
            handoff_id=None,
            to=Destination(user=user),
            payload={"user": user, "at": at.isoformat()},
        )
        for workspace, user in wanted
    ]
    outbox.put(tx, summaries, now, not_before=at)


def _list_parts(tx: Tx, messages: Iterable[OutboxMessage], key: str) -> None:
    for message in messages:
        if message.handoff_id is not None:
            parts.add(tx, message.workspace, [key], message.handoff_id)
