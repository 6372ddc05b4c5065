"""Actions that change one handoff or open it, one transaction each."""
