"""The tick, level actions, digests and the sweep of the clocks."""
