"""Configuration applied, and open handoffs put under a new policy."""
