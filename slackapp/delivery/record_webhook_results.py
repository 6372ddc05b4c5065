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

RETRIED_FOR: Final = timedelta(days=1)
"""How long a webhook call is retried."""
GONE: Final = "webhook_gone"
SILENT: Final = "webhook_silent"


def accepted(result_context: ResultContext, _outcome: WebhookAccepted) -> None:
    """Record that a webhook accepted the call."""
    outbox.mark_sent(result_context.tx, result_context.row, None, result_context.now)
    notices.mark_heard(
        result_context.tx, result_context.wanted.workspace, result_context.wanted.key, result_context.now
    )


def declined(result_context: ResultContext, outcome: WebhookDeclined) -> None:
    """Retry a refused call later, with all others to the same address; give it up after a day."""
    if outcome.final or result_context.now - result_context.row.put_at >= RETRIED_FOR:
        reason = GONE if outcome.final else SILENT
        result_context.give_up(
            reason, skip_reason="failed", code=outcome.code, webhook=result_context.wanted.payload["webhook"]
        )
        return
    until = result_context.now + timedelta(seconds=pause_s(result_context.row.attempts))
    block(result_context.tx, rate_limits.webhook_bucket(result_context.wanted), until, result_context.now)
    result_context.retry_at(until, outcome.code)
