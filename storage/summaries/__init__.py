"""Messages that a person gets in a summary instead of one by one."""
