"""Questions as inputs, answers as lines and whole."""
