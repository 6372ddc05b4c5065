"""Dispatch of Slack's payloads to the listeners that the registers name for them."""
