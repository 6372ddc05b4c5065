"""Block Kit as a few functions: blocks, inputs, modals, rich text."""
