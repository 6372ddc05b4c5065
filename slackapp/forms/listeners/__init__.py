"""Open the form, turn its pages and submit it: new handoffs, edits and resends."""
