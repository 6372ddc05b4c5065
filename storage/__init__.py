"""The ledger: what a handoff is, how it may change, and where that is kept. Knows nothing of Slack."""
