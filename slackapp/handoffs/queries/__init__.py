"""Find handoffs and load them for views."""
