"""What people decide about themselves: when they are away, and who covers for them."""
