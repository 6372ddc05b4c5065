"""Handoffs: lifecycle rules and acts, and handoffs, notes, audit, verdicts and drafts as stored."""
