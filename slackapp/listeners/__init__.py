"""What Slack tells us, one file per conversation."""
