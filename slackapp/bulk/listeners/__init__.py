"""Clicks, forms and words for several handoffs at once."""
