"""What delivery counts for `/metrics`."""

from __future__ import annotations

from typing import Final

from prometheus_client import Counter, Gauge

SENT: Final = Counter("baton_messages_sent", "Calls that Slack carried out, by method.", ["method"])
FAILED: Final = Counter("baton_messages_failed", "Calls that Slack did not carry out.", ["method", "code"])
RETRIED: Final = Counter("baton_messages_retried", "Messages put off to a later try, by reason.", ["code"])
HELD: Final = Counter("baton_messages_held", "Messages that were not sent, each with an audited reason.", ["kind"])
WAITING: Final = Gauge("baton_outbox_waiting", "Messages that are due and not yet sent.")
OLDEST: Final = Gauge("baton_outbox_oldest_seconds", "Age of the oldest message that is due and not yet sent.")
ANSWERS_LOST: Final = Counter("baton_answers_lost", "Private answers that could not be given.", ["reason"])
