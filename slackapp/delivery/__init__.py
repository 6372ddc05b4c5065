"""What we tell Slack: leased from the outbox, drawn now, sent, marked."""
