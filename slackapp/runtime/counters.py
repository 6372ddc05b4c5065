"""Prometheus counters of what is sent to Slack, and when Slack last sent something."""

from __future__ import annotations

from typing import Final

from prometheus_client import Counter, Gauge

SENT: Final = Counter("baton_messages_sent", "Calls that Slack carried out, by method.", ["method"])
FAILED: Final = Counter("baton_messages_failed", "Calls that Slack did not carry out.", ["method", "code"])
RETRIED: Final = Counter("baton_messages_retried", "Messages postponed to a later try, by reason.", ["code"])
HELD: Final = Counter(
    "baton_messages_held", "Messages that were not sent, each with its reason in the audit log.", ["kind"]
)
POSTPONED: Final = Counter(
    "baton_messages_postponed", "Reminders held until their reader is available, by reason.", ["why"]
)
WEBHOOKS: Final = Counter("baton_webhooks", "Webhook calls, by outcome.", ["result"])
ANSWERS_LOST: Final = Counter("baton_answers_lost", "Private answers that could not be delivered.", ["reason"])
LAST_REQUEST: Final = Gauge(
    "baton_last_slack_request_timestamp_seconds",
    "When Slack last sent this process an event, real time; 0 if not yet.",
)
