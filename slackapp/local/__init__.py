"""A Slack workspace on this machine. Speaks Slack's wire protocols and imports nothing of Baton."""
