"""Pure decisions of how a company works: values in, a value out."""
