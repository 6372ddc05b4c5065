"""Read the context of a batch of due clocks, batch messages, and the notification log."""
