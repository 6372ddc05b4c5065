"""Changes of one handoff, each in a transaction of its own."""
