"""Delivery of the outbox to Slack and to webhooks: lease, draw, send, record the result."""
