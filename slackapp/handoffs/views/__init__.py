"""Views of handoffs: cards, direct messages, verb forms, lists, refusals."""
