"""Apply and export the configuration, and reapply policies to open handoffs."""
