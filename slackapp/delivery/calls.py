"""Get a leased message to an address outside Slack ready: where it goes, and what it tells."""

from __future__ import annotations

from typing import Any, Final

from slackapp.capability import CallKind
from slackapp.delivery.outcomes import Call, MovedOn, Outcome
from storage.company import webhooks
from storage.db.database import Tx
from storage.outbox.model import LeasedMessage

NOT_CONFIGURED: Final = "webhook_removed"


def prepare(tx: Tx, row: LeasedMessage, kind: CallKind[Any]) -> Call | Outcome:
    """Read where a message goes and what it tells now, or say why there is nothing to tell any more."""
    wanted = row.wanted
    scene = kind.load(tx, wanted)
    event = None if scene is None else kind.draw(scene, row.put_at)
    if event is None:
        return MovedOn(reason="moved on")
    webhook = webhooks.get(tx, wanted.workspace, str(wanted.payload["webhook"]))
    if webhook is None:
        return MovedOn(reason=NOT_CONFIGURED)
    return Call(row=row, url=webhook.url, event=event)
