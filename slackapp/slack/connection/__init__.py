"""Connections to Slack: Socket Mode, HTTP, private replies, installation, scopes, manifest."""
