"""Read a form's context, its first values from earlier handoffs, and duplicates."""
