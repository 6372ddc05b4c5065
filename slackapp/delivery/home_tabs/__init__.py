"""Home tabs in the pump: drawn from the stored state when their turn comes, published if they differ, recorded."""
