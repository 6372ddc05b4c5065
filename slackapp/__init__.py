"""Baton's edge: Slack, HTTP and the command line around the ledger in `storage`."""
