"""Handoffs as stored: the lifecycle, acts, notes, audit, verdicts, drafts."""
