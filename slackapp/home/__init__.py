"""The Home tab: what needs a person, what they have, what they sent, and how their teams stand."""
