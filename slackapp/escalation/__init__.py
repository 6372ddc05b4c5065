"""Time passes: what due clocks do, whom they notify, digests, and the log of notifications."""
