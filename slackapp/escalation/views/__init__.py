"""Reminders, level messages, batched reminders, digests, webhook events, and the notification log."""
