"""Calendars, open time, targets, due times and what a change does to clocks."""
