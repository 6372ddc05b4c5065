"""Draw the form and the messages about absences."""
