"""Buttons, verbs' forms, `/handoff` words and thread replies about one handoff."""
