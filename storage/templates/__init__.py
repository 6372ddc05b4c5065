"""Templates as stored: the forms for kinds of handoffs, with all versions, and their drafts."""
