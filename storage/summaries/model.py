"""Read models of summaries: the messages collected for a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from storage.company.model import Topic
from storage.outbox.model import OutboxMessage


@dataclass(frozen=True, kw_only=True)
class CollectedMessage:
    """A message that a person gets in a summary instead of on its own."""

    message: OutboxMessage
    topic: Topic
    summary: str
    """The outbox key of the summary."""
    put_at: datetime
    """When it was collected."""
