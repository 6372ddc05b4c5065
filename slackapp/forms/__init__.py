"""The form that opens, edits or resends a handoff, page by page. Start with `listeners.pages`."""
