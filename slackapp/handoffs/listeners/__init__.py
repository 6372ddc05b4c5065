"""Buttons, forms, commands and thread replies about one handoff."""
