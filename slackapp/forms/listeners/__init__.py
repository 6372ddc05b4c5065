"""The form opened, turned, sent; edits and resends."""
