"""The form that opens, edits and resends a handoff, page by page."""
