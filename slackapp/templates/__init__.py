"""Templates: what the form of a kind of handoff asks, and how answers are checked and drawn."""
