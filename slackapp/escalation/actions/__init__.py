"""The tick, level actions, digests and the sweep that checks clocks."""
