"""Reads for a batch of due clocks, for batched messages, and for the notification log."""
