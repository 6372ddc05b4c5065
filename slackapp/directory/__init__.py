"""People, user groups and channels as Slack tells them, and repairs when one is gone."""
