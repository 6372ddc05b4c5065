"""HTTP: Slack's events, health and metrics."""
