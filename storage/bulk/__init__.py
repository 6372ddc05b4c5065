"""Runs of one act on several handoffs: their rows, what became of each, and who is told in one message."""
