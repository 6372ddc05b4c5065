"""What a person asked for when Slack did not open its form: kept for a day, for them alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from slackapp.forms.model import NotOpenedScene
from slackapp.runtime.baton import PATIENCE_S, Baton
from storage.db.database import Tx
from storage.handoffs import drafts
from storage.outbox.model import OutboxMessage

REQUEST: Final = "request"
SENTENCE: Final = "sentence"
"""Keys of what is kept: the payload, and what happened if it is not just that the form did not open."""


def kept_request(baton: Baton, *, workspace: str, user: str, kept_id: str) -> Mapping[str, Any] | None:
    """Return the payload that a person sent, or None if it is not kept any more or somebody else's."""
    with baton.db.reading(wait_s=PATIENCE_S) as tx:
        found = drafts.get(tx, workspace, user, kept_id)
    body = found.content.get(REQUEST) if found else None
    return body if isinstance(body, Mapping) else None


def scene(tx: Tx, wanted: OutboxMessage, _posted: bool) -> NotOpenedScene | None:
    """Load the message about it; None if it is not kept any more."""
    kept_id = str(wanted.payload["kept"])
    found = drafts.get(tx, wanted.workspace, str(wanted.payload["user"]), kept_id)
    return NotOpenedScene(kept_id=kept_id, sentence=str(found.content.get(SENTENCE) or "")) if found else None
