"""Store facts about people and channels, and repair handoffs whose owner or channel is gone."""
