"""Pages of the form, advice before sending, and the warning of a duplicate."""
