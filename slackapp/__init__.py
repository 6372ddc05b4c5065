"""The Baton app: Slack, HTTP and the command line, on top of the database package `storage`."""
