"""Templates: the questions of a kind of handoff, the checks of their answers, and how they are drawn."""
