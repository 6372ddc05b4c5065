"""Conversations about lists: open, turn and filter them, act on a row, search, and take a list away as a file."""
