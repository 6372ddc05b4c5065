"""Draw reminders, level messages, batch messages, digests, webhook events and the notification log."""
