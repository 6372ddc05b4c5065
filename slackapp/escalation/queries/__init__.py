"""What a batch of due clocks must know; batched messages; the log of notifications."""
