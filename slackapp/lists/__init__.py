"""Lists and search: one modal for every list of handoffs, with filters and pages, `/handoff find`, and CSV files."""
