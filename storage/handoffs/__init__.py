"""Handoffs as stored: lifecycle rules, acts, notes, audit, verdicts, drafts. Start with `lifecycle`, then `acts`."""
