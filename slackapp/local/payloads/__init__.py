"""What Slack sends to an app: events and interaction payloads."""
