"""Slack's side of the app: ids, payloads, Block Kit, replies, connections."""
