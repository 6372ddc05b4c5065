"""Slack's events about people and channels, and the sweep that reads all of them again."""
