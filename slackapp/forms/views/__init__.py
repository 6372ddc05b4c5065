"""Pages of the form, its advice and its warning of duplicates."""
