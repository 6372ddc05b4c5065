"""Templates as stored, every version."""
