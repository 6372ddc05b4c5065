"""Dispatch: from Slack's payloads to the conversations that answer them."""
