"""Dispatch of Slack's payloads to the conversations in the registers."""
