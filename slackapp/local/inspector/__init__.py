"""Data of the page's inspector: the log of calls, why Slack refused one, what the app keeps about a message."""
