"""People, user groups and channels as Slack reports them, and repairs when one disappears."""
