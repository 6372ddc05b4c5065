"""Apply a configuration, and put open handoffs under a new version of their policy."""
