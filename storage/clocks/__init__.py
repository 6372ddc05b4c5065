"""Clocks as stored: timers, notices, policies, calendars, batches, digests."""
