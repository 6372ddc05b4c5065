"""Payloads that Slack sends to an app: events and interactions."""
