"""Record the results of webhook calls: accepted, retried, or given up after a day."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from slackapp.delivery import rate_limits
from slackapp.delivery.model import WebhookAccepted, WebhookDeclined
from slackapp.delivery.result_context import ResultContext, pause_s
from storage.clocks import notices
from storage.outbox import outbox
from storage.outbox.pacing import block

PATIENCE: Final = timedelta(days=1)
"""How long a webhook call is retried."""
GONE: Final = "webhook_gone"
SILENT: Final = "webhook_silent"


def told(step: ResultContext, _outcome: WebhookAccepted) -> None:
    """Record that a webhook accepted the call."""
    outbox.mark_sent(step.tx, step.row, None, step.now)
    notices.mark_heard(step.tx, step.wanted.workspace, step.wanted.key, step.now)


def declined(step: ResultContext, outcome: WebhookDeclined) -> None:
    """Retry a refused call later, with all others to the same address; give it up after a day."""
    if outcome.final or step.now - step.row.put_at >= PATIENCE:
        reason = GONE if outcome.final else SILENT
        step.hold(reason, unheard="failed", code=outcome.code, webhook=step.wanted.payload["webhook"])
        return
    until = step.now + timedelta(seconds=pause_s(step.row.attempts))
    block(step.tx, rate_limits.webhook_bucket(step.wanted), until)
    step.again(until, outcome.code)
