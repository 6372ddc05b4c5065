"""Reports: numbers for people about the context they were given."""
