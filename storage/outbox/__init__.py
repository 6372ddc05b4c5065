"""The outbox: messages to send, messages Slack has, leases, pacing."""
