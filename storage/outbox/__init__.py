"""The outbox: messages to send, messages posted in Slack, and rate-limit blocks."""
