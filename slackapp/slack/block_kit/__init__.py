"""Block Kit builders: blocks, inputs, modals, rich text, phrases."""
