"""Cards, direct messages, forms of verbs, lists and refusals."""
