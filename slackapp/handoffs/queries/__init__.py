"""Handoffs read with all around them, and found."""
