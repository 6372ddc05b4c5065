"""What the page's inspector shows: the log of calls, why Slack refused one, what the app keeps about a message."""
