"""Working hours and the clocks of handoffs, as pure rules."""
