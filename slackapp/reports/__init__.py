"""Reports with numbers: for now, how receivers rated the context of handoffs."""
