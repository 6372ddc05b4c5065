"""Slack's Web API as far as an app like Baton uses it: one module per family of methods, one table of them all."""
