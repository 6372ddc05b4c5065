"""Business hours, targets and the clocks of a handoff: pure calculations. Start with `rules.timekeeping`."""
