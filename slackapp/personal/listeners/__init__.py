"""Words, buttons and forms about a person's own absence."""
