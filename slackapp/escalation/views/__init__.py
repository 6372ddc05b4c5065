"""Reminders, level messages, batches, digests, webhook events, the log of notifications."""
