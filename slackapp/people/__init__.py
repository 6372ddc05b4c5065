"""What a person may do with a handoff, and when they are available for a notification."""
