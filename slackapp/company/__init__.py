"""The company's configuration file: read, check, apply, export."""
