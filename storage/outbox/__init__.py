"""The outbox: messages to send, messages sent, pacing."""
