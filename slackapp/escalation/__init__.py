"""Escalation: due clocks, the levels that notify people, digests, the notification log. Start with `actions.tick`."""
