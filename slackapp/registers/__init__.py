"""What each package adds to the registers; only the composition root reads it."""
