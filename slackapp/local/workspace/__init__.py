"""The workspace as one object that holds all parts, and the feed that tells open pages what changed."""
