"""The card, messages about a handoff, verbs' forms, lists and refusals."""
