"""Messages to addresses outside Slack: what to tell which of them, while the clock still runs that speaks."""

from __future__ import annotations

from typing import Final

from slackapp.delivery.outcomes import Call, MovedOn, Outcome
from slackapp.usecases import look
from slackapp.views.events import escalated, still_runs
from storage import webhooks
from storage.database import Tx
from storage.records import Leased

NOT_CONFIGURED: Final = "webhook_removed"


def prepare(tx: Tx, row: Leased) -> Call | Outcome:
    """Read where a message goes and what it tells now, or say why there is nothing to tell any more."""
    wanted = row.wanted
    picture = look.picture(tx, wanted.workspace, str(wanted.payload["handoff"]))
    if picture is None or not still_runs(picture, wanted.payload):
        return MovedOn(reason="moved on")
    webhook = webhooks.get(tx, wanted.workspace, str(wanted.payload["webhook"]))
    if webhook is None:
        return MovedOn(reason=NOT_CONFIGURED)
    return Call(row=row, url=webhook.url, event=escalated(picture, wanted.payload, row.put_at))
