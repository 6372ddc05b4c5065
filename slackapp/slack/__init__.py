"""The kit for Slack: ids, payloads, replies, messages and forms."""
