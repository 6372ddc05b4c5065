"""Changes of one handoff, a transaction each."""
