"""Search and lists: the words of each handoff, and the one query behind search results and every list with filters."""
