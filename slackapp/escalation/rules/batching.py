"""TODO: say what this module is for."""

from __future__ import annotations

from storage.outbox.model import Destination, OutboxMessage


def bundle(workspace: str, key: str, user: str) -> OutboxMessage:
    """The message in which several reminders for one person stand, posted or redrawn."""
    return OutboxMessage(
        workspace=workspace, key=key, kind="bundle", handoff_id=None, to=Destination(user=user), payload={"user": user}
    )
