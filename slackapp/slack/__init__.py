"""Slack without Baton's features: ids, payloads, replies, Block Kit, connections."""
