"""Shared by all parts: the type of JSON objects, Slack's errors, ids, and which hosts are this machine."""
