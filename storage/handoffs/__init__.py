"""Handoffs as stored, and the rules of their lifecycle. Start with `lifecycle`, then `acts`."""
