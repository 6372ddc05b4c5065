"""Facts about people and channels stored; handoffs repaired."""
