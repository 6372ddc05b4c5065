"""Decide which levels fire, whom they notify, what is batched, and when a queue's digest is due."""
