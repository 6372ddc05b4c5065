"""Templates: the questions of a kind of handoff, their answers checked and drawn. Start with `rules.answer_rules`."""
