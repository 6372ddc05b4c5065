"""Set and end absences, and follow what they change."""
