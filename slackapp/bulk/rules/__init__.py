"""What a run does to each of its rows."""
