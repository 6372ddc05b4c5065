"""Errors that a test orders: failing, slow and lost answers, and cut connections."""
