"""Pure functions from what is stored, and the instant, to what people see."""
