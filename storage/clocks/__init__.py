"""Clocks as stored: timers, policies, calendars, notices of notifications, batches, digests."""
