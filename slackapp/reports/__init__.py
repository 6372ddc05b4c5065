"""Reports: verdicts of receivers on the context they were given."""
