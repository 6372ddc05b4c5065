"""One handoff: its changes, messages, card, forms and refusals."""
