"""Block Kit in a few functions: blocks, inputs, views, rich text."""
