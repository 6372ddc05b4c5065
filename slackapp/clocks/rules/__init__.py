"""Calendars, open time, targets, due times, and the effect of a handoff's change on its clocks."""
