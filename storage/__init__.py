"""Stored state: handoffs, their lifecycle, queues, clocks, templates, the outbox. Knows nothing of Slack."""
