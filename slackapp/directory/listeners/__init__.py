"""Slack's events, and the sweep that reads everything again."""
