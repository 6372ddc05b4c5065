"""Clocks as stored: timers, notices, policies, calendars, and queries for batched reminders and digests."""
