"""One handoff: its changes, messages, card, forms and refusals. Start with `actions.carry_out`."""
