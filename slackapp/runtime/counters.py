"""Prometheus counters of what is sent to Slack, and when Slack last sent something."""

from __future__ import annotations

from typing import Final

from prometheus_client import Counter, Gauge

SENT: Final = Counter("baton_messages_sent", "Calls that Slack carried out, by method.", ["method"])
FAILED: Final = Counter("baton_messages_failed", "Calls that Slack did not carry out.", ["method", "code"])
RETRIED: Final = Counter("baton_messages_retried", "Messages put off to a later try, by reason.", ["code"])
HELD: Final = Counter("baton_messages_held", "Messages that were not sent, each with an audited reason.", ["kind"])
POSTPONED: Final = Counter(
    "baton_messages_postponed", "Reminders that wait until their reader can hear, by reason.", ["why"]
)
WEBHOOKS: Final = Counter("baton_webhooks", "Calls of addresses outside Slack, by what came of them.", ["result"])
ANSWERS_LOST: Final = Counter("baton_answers_lost", "Private answers that could not be given.", ["reason"])
LAST_REQUEST: Final = Gauge(
    "baton_last_slack_request_timestamp_seconds",
    "When Slack last sent this process something, real time; 0 if not yet.",
)
