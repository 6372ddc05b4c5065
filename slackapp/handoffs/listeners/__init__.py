"""Listeners for buttons, forms, commands and thread replies about one handoff."""
