"""Compute calendars, open time, targets, due times, and the effect of changes on clocks."""
