"""The `baton` command line, one file per group of commands."""
