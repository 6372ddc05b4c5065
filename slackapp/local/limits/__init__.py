"""Slack's limits over time: rate limits, trigger ids, response URLs, and how long Slack waits for an app."""
