"""Questions as inputs of a form; answers on one line and in full."""
