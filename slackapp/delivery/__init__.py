"""Delivery of outbox messages to Slack and webhooks. Start with `pump`."""
