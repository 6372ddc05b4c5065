"""Store facts about people, groups and channels, and repair handoffs and messages that they affect."""
