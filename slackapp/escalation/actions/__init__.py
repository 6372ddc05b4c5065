"""The tick, level actions, digests, and the hourly sweep of the clocks."""
