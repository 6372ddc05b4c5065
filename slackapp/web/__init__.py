"""Connections from outside: Socket Mode, Slack's HTTP requests, and the admin port."""
